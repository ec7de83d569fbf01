import type { Operation } from '../api/operation.ts';
import type { Context } from '../context.ts';
import { failureOf } from './failed.ts';
import type { Values } from './flags.ts';
import { sendCall } from './record.ts';
import { HIDDEN_NOTE, shownResult } from './show.ts';

/** Asks for something that may be asked for again, and shows the answer. */
export async function readCall(
  context: Context,
  operation: Operation,
  values: Values,
): Promise<void> {
  const api = await context.client();
  const settled = await sendCall(context, api, operation, values);
  const { outcome } = settled;
  if (outcome.class !== 'done') {
    throw failureOf(context, operation, settled, api.origin);
  }
  const { output } = context;
  const { key } = await context.access();
  for (const { code, message } of outcome.warnings) output.warning(code, message);
  const { rows } = outcome;
  const names = new Set([
    ...operation.resultFields,
    ...(rows ?? [outcome.result]).flatMap((record) => Object.keys(record)),
  ]);
  const all = (rows ?? [outcome.result]).map((record) =>
    shownResult(operation, record, { values, key }, output.isJson),
  );
  const shown = all.map((each) => each.shown);
  if (rows === undefined) await output.record(shown[0] ?? {});
  else await output.list([...names], shown);
  if (all.some(({ isShort }) => isShort)) output.note('secrets_hidden', HIDDEN_NOTE);
}

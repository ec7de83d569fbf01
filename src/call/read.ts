import { toError } from '../api/failure.ts';
import type { Operation } from '../api/operation.ts';
import type { Context, SignalName } from '../context.ts';
import type { Values } from '../input/fields.ts';
import { sendCall } from './send.ts';
import { shownResult } from './shown.ts';

/** Asks for something that may be asked for again, and shows the answer. */
export async function readCall(
  context: Context,
  operation: Operation,
  values: Values,
): Promise<void> {
  const api = await context.client();
  const settled = await sendCall(context, api, operation, values);
  const { verdict } = settled;
  if (verdict.class !== 'done') {
    throw toError(settled, {
      origin: api.origin,
      operation,
      signalName: context.signal.aborted ? (context.signal.reason as SignalName) : null,
      timeoutSeconds: context.settings.timeoutSeconds,
    });
  }
  const { output } = context;
  for (const { code, message } of verdict.warnings) output.warning(code, message);
  const shown = (record: typeof verdict.result) =>
    shownResult(operation, record, values, output.isJson);
  if (verdict.rows === undefined) return output.record(shown(verdict.result));
  return output.list(operation.resultFields, verdict.rows.map(shown));
}

import type { Operation } from '../api/operation.ts';
import { buildRequest, encodeValues } from '../api/request.ts';
import type { Context } from '../context.ts';
import { isObject } from '../output/json.ts';
import { MASK } from '../output/masking.ts';
import type { SampleValue } from '../samples/request.ts';
import { USER_AGENT } from '../version.ts';
import type { Preview } from './flags.ts';
import type { GatheredCall } from './gather.ts';

/** Prints the very request, its secrets masked, or a program that makes it; sends nothing. */
export async function showPreview(
  context: Context,
  operation: Operation,
  call: GatheredCall,
  preview: Preview,
): Promise<void> {
  const origin = await context.origin();
  const secrets = operation.fields.filter(({ secret }) => secret);
  if (preview.kind === 'code') {
    const { renderSample } = await import('../samples/index.ts');
    const isRead = (name: string, required: boolean) =>
      required || call.values[name] !== undefined || call.passwordIsGenerated;
    const program = renderSample(preview.language, {
      method: operation.method,
      url: new URL(operation.path, origin).href,
      encoding: operation.encoding,
      values: encodeValues(operation, inFieldOrder(operation, call)) as Record<string, SampleValue>,
      fromEnvironment: Object.fromEntries(
        secrets
          .filter(({ name, required }) => isRead(name, required))
          .map(({ name, variable }) => [name, variable ?? '']),
      ),
    });
    return context.output.write(program);
  }
  const masked = Object.fromEntries(
    secrets.filter(({ name }) => call.values[name] !== undefined).map(({ name }) => [name, MASK]),
  );
  const values = { ...call.values, ...masked };
  const identity = { key: MASK, userAgent: USER_AGENT };
  const { method, url, headers, body } = buildRequest(origin, operation, values, identity);
  const shown = encodeValues(operation, values);
  await context.output.json({
    method,
    url: url.href,
    headers,
    ...(body !== undefined && isObject(shown) ? { body: shown } : {}),
  });
}

/** A secret that was not given keeps its place among the fields. */
function inFieldOrder({ fields }: Operation, { values }: GatheredCall) {
  return Object.fromEntries(
    fields.flatMap(({ name, secret, required }): [string, string][] => {
      const value = values[name] ?? (secret && required ? '' : undefined);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

import { type Acceptance, isObject, type JsonObject } from './operation.ts';

/** An id as the API gives it, text or number, as text; undefined for anything else. */
export function identifierOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** Says which member of the answer lacks an object with an id, or null. Pure. */
export function lacksIdentified(answer: JsonObject, name: string, id = 'id'): string | null {
  const member = answer[name];
  if (!isObject(member)) return `it has no object "${name}"`;
  return identifierOf(member[id]) === undefined ? `its "${name}" has no "${id}"` : null;
}

/** The answer less its envelope, for answers without `data`. */
export function withoutEnvelope(answer: JsonObject): JsonObject {
  const { success: _success, message: _message, ...rest } = answer;
  return rest;
}

/** The first problem found, else the result. */
export function acceptUnless(
  problems: readonly (string | null)[],
  success: () => { result: JsonObject; rows?: readonly JsonObject[] },
): Acceptance {
  const problem = problems.find((found) => found !== null) ?? null;
  return problem === null ? { ok: true, ...success(), warnings: [] } : { ok: false, problem };
}

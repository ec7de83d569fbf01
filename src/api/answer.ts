import { WrittenNumber } from '../output/json.ts';
import { type Acceptance, isObject, type JsonObject, type Operation } from './operation.ts';
import {
  compare,
  echoes,
  type Findings,
  isStrict,
  neededFlags,
  readFlag,
  type Shape,
} from './shape.ts';

/** An id as the API gives it, text or number, as text; undefined for anything else. */
export function identifierOf(value: unknown): string | undefined {
  if (typeof value === 'number' || value instanceof WrittenNumber) return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** The reference calls `data` "object or array": an array of exactly one object counts as it. */
export function onlyObject(data: unknown): Record<string, unknown> | undefined {
  const candidate = Array.isArray(data) && data.length === 1 ? data[0] : data;
  return isObject(candidate) ? candidate : undefined;
}

/** The documented answer of an operation. */
export interface Answer {
  /** Where the result stands: the object or the list in `data`, or all but the envelope. */
  result: 'data' | 'list' | 'whole';
  /** Of the result, or of each member of the list. */
  shape: Shape;
  /** Documented members beside `data`. */
  beside?: Shape;
  /** Paths in the result that repeat a field of the request. */
  echoes?: Readonly<Record<string, string>>;
  /** Of a list: the member that names what was asked for, and all that was. */
  asked?: { name: string; among: (sent: JsonObject) => readonly string[] };
}

/** Checks an answer, and names the result's fields, by its documented shape. */
export function answering(
  documented: Answer,
): Pick<Operation, 'resultFields' | 'givesList' | 'accept'> {
  return {
    resultFields: Object.keys(documented.shape),
    ...(documented.result === 'list' ? { givesList: true } : {}),
    accept: (answer, sent) => accept(documented, answer, sent),
  };
}

function accept(documented: Answer, answer: JsonObject, sent: JsonObject): Acceptance {
  const { success: _success, message: _message, ...whole } = answer;
  const { data, ...rest } = whole;
  if (documented.result === 'list') return acceptList(documented, data, rest, sent);
  const isWhole = documented.result === 'whole';
  const result = isWhole ? whole : onlyObject(data);
  if (result === undefined) {
    return { ok: false, problem: data === undefined ? 'data is missing' : 'data is not an object' };
  }
  const isPending = saysPending(result, sent);
  const path = isWhole ? [] : ['data'];
  const own = compare(result, documented.shape, isPending, path);
  const findings = merge(
    own,
    compare(rest, documented.beside ?? {}, isPending),
    compareWithSent(documented, result, sent, path, [...own.problems, ...own.oddities]),
  );
  return conclude(findings, isWhole ? { result } : { result, beside: rest }, orderIn(result));
}

function acceptList(
  { shape, beside, asked }: Answer,
  data: unknown,
  rest: JsonObject,
  sent: JsonObject,
): Acceptance {
  if (!Array.isArray(data)) return { ok: false, problem: 'data is not a list' };
  const other = data.findIndex((row) => !isObject(row));
  if (other !== -1) return { ok: false, problem: `data.${other} is not an object` };
  const rows = (data as JsonObject[]).map((row) => withPlainFlags(row, shape));
  const wanted = asked?.among(sent) ?? [];
  const findings = merge(
    ...(data as JsonObject[]).map((row, index) => {
      const path = ['data', String(index)];
      const found = compare(row, shape, false, path);
      const rewritten = Object.keys(row).filter((name) => row[name] !== rows[index]?.[name]);
      const oddities = rewritten.map(
        (name) => `data.${index}.${name} was taken as ${rows[index]?.[name]}`,
      );
      const own = identifierOf(row[asked?.name ?? '']);
      if (own !== undefined && !wanted.some((one) => echoes(own, one))) {
        oddities.push(`data.${index}.${asked?.name} was not asked for`);
      }
      return merge(found, { problems: [], oddities });
    }),
    compare(rest, beside ?? {}, false),
  );
  return conclude(findings, { result: { data: rows }, rows, beside: rest });
}

/** What much hangs on must not mislead a script to which any text is true. */
function withPlainFlags(row: JsonObject, shape: Shape): JsonObject {
  const flags = neededFlags(shape).filter((name) => readFlag(row[name]) !== undefined);
  return { ...row, ...Object.fromEntries(flags.map((name) => [name, readFlag(row[name])])) };
}

function compareWithSent(
  { shape, echoes: repeated = {} }: Answer,
  result: JsonObject,
  sent: JsonObject,
  path: readonly string[],
  said: readonly string[],
): Findings {
  const findings: Findings = { problems: [], oddities: [] };
  for (const [place, name] of Object.entries(repeated)) {
    const steps = place.split('.');
    const returned = identifierOf(
      steps.reduce<unknown>((value, step) => (isObject(value) ? value[step] : undefined), result),
    );
    const asked = sent[name];
    if (returned === undefined || asked === undefined || echoes(returned, String(asked))) continue;
    const named = [...path, place].join('.');
    if (said.some((text) => text.startsWith(`${named} `))) continue;
    (isStrict(shape, steps) ? findings.problems : findings.oddities).push(
      `${named} is not the ${name} that was sent`,
    );
  }
  return findings;
}

function merge(...all: readonly Findings[]): Findings {
  return {
    problems: all.flatMap(({ problems }) => problems),
    oddities: all.flatMap(({ oddities }) => oddities),
  };
}

const MOST_ODDITIES = 10;

function conclude(
  { problems: [problem], oddities }: Findings,
  success: { result: JsonObject; rows?: readonly JsonObject[]; beside?: JsonObject },
  orderId?: string,
): Acceptance {
  if (problem !== undefined) {
    const though = orderId === undefined ? '' : `, though it names the order ${orderId}`;
    return { ok: false, problem: `${problem}${though}` };
  }
  if (oddities.length === 0) return { ok: true, ...success, warnings: [] };
  const more = oddities.length - MOST_ODDITIES;
  const listed = oddities.slice(0, MOST_ODDITIES).join('; ');
  const message = `The answer is not as documented: ${listed}${more > 0 ? `; and ${more} more` : ''}.`;
  return { ok: true, ...success, warnings: [{ code: 'unusual_answer', message }] };
}

/** Whether an order says that it is still to be paid. Pure. */
export function isPending(status: unknown): boolean {
  return typeof status === 'string' && status.trim().toLowerCase() === 'pending';
}

function saysPending(result: JsonObject, sent: JsonObject): boolean {
  const order = isObject(result['order']) ? result['order'] : result;
  return isPending(order['status']) || sent['type_payment'] === 'crypto';
}

/** The id of an order in the answer, which says where to look. */
function orderIn({ order }: JsonObject): string | undefined {
  return isObject(order) ? identifierOf(order['id']) : undefined;
}

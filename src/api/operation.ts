import { isObject, WrittenNumber } from '../output/json.ts';

/** A JSON object as it came or as it is to be sent. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** An id or amount as the API gives it, text or number, as text; undefined for anything else. */
export function identifierOf(value: unknown): string | undefined {
  if (typeof value === 'number' || value instanceof WrittenNumber) return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** Values as people give them, by the API's own names. */
export type Values = Readonly<Record<string, string>>;

/** What `oxhost api` can send. */
export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const;
export type Method = (typeof METHODS)[number];

/** One documented parameter of an operation: from it come flag, prompt, help and check. */
export interface Field {
  /** The API's own name; `flag` is the one of the command line, without dashes. */
  name: string;
  flag: string;
  /** The flag's line in the help; `question` is what a person is asked. */
  help: string;
  question: string;
  /** What stands for the value in the help: `--name <text>`. */
  valueName: string;
  required: boolean;
  /** Never shown, never stored in clear but where the person asks for it. */
  secret: boolean;
  /**
   * How it is sent; `text` when left out. An integer is a number in JSON. A switch is the number 1,
   * or 0 when it is required; a mark is the text "1" or left out. A list is an array in JSON; its
   * members are given with commas between, or as the JSON text of an array.
   */
  kind?: 'text' | 'integer' | 'switch' | 'mark' | 'list';
  /** The only values that are accepted, or the bounds of an integer. */
  choices?: readonly string[];
  minimum?: number;
  maximum?: number;
  /** Given as an operand behind the command, not as a flag. */
  isOperand?: true;
  /** Environment variable that a secret may come from, and that `--code` reads it from. */
  variable?: string;
  /** Name of the field that `complete` takes it from where it is not given. */
  derivedFrom?: string;
  /** The profile may hold it, so that it need not be given each time. */
  remembered?: 'user';
  /** What is wrong with a value (of a list: with one member), behind the field's name, or null. */
  check?: (value: string) => string | null;
}

/** A required text, unless `more` says otherwise. */
export function field(name: string, flag: string, help: string, more: Partial<Field> = {}): Field {
  const { kind, required = true } = more;
  const question = `${help.charAt(0).toUpperCase()}${help.slice(1)}`;
  return {
    ...{ name, flag, help: required || kind === 'mark' ? help : `${help}, optional` },
    ...{ question: required ? question : `${question} (optional)`, secret: false, required },
    valueName: valueNameOf(name, kind),
    ...more,
  };
}

function valueNameOf(name: string, kind: Field['kind']): string {
  if (kind === 'integer') return 'n';
  if (kind === 'switch' || kind === 'mark') return '';
  return /(?:^|_)id$/.test(name) ? 'id' : 'text';
}

/** A secret; the variable is where `--code` and the environment have it. */
export function secret(name: string, flag: string, help: string, variable: string): Field {
  return field(name, flag, help, { secret: true, valueName: 'value', variable });
}

/** What is known of an operation's answer when it says success. Paths have dots between names. */
export interface AnswerFacts {
  /** Where the result stands: the object or the list in `data`, or all but the envelope. */
  in: 'data' | 'list' | 'whole';
  /** Documented members of the result, or of each row of a list. */
  members: readonly string[];
  /** Documented members next to `data`, which are part of the result. */
  extra?: readonly string[];
  /** Any one of these proves that it was done; without them `success` alone does. */
  proof?: readonly string[];
  /** A warning says when one of these is absent; no other member is missed. */
  expected?: readonly string[];
  /** Members that repeat a field of the request; a warning quotes both where they differ. */
  repeats?: Readonly<Record<string, string>>;
  /** The member by which one knows that the answer is about what was sent. */
  recognizedBy?: string;
  /** Where the ids are that history keeps, under its names for them. */
  ids?: Readonly<Record<string, string>>;
  /** Of a list: the names in `domain` that were asked for. */
  asked?: (sent: JsonObject) => readonly string[];
}

/** What is wrong or doubtful with values that are right one by one. */
export interface Checked {
  /** Reasons not to send; `name` is the API's. `--force` overrides those that it can. */
  problems: readonly { name: string; message: string; canForce?: boolean }[];
  /** Never a reason not to send. */
  warnings: readonly { code: string; field: string; message: string }[];
}

/** One documented operation as data. Facts are those of the API reference. */
export interface Operation {
  /** Path of its command; history names it so: `plesk client create`. */
  command: string;
  /** "the client", "create", "created", "the client may or may not exist", "Creating the client". */
  words: {
    subject: string;
    verb: string;
    done: string;
    doubt: string;
    activity: string;
    /** Distinguishes this one from others, behind subject or activity: " for example.com". */
    which?: (values: JsonObject) => string;
  };
  method: 'GET' | 'POST';
  /** Path below the origin, misspellings kept. */
  path: string;
  encoding: 'json' | 'form' | 'query';
  /** `read` may be repeated; everything else must never happen twice. `buy` spends money. */
  effect: 'read' | 'create' | 'buy' | 'change';
  fields: readonly Field[];
  /** Names of the fields by which one knows it again. */
  identity: readonly string[];
  answer: AnswerFacts;
  /** Top-level names of the documented result, in its order. */
  resultFields: readonly string[];
  /** The result is a list of such objects. */
  givesList?: true;
  /** Fills in what follows from other values. Pure. */
  complete?(values: Values): Record<string, string>;
  /** Checks values against each other, given ones alone. Pure. */
  check?(values: Values, passwordIsGenerated: boolean): Checked;
  /** The ids that a result has, under names such as `client_id` and `order_id`. Pure. */
  ids(result: JsonObject): Record<string, string>;
}

type Facts = Pick<Operation, 'command' | 'path' | 'effect' | 'fields' | 'identity' | 'answer'> &
  Partial<Pick<Operation, 'method' | 'encoding' | 'complete' | 'check'>> & {
    /** "client", and "create", "created", "Creating". */
    thing: string;
    verbs: readonly [verb: string, done: string, doing: string];
    /** What stands before the first field of `identity`: "for". */
    preposition?: string;
    doubt?: string;
  };

/** An operation from what is special about it. */
export function operation(facts: Facts): Operation {
  const { thing, verbs, preposition, doubt, ...own } = facts;
  const [verb, done, doing] = verbs;
  const { answer, identity } = facts;
  const [first] = identity;
  const subject = `the ${thing}`;
  const documented = [...answer.members, ...(answer.extra ?? [])];
  return {
    method: 'POST',
    encoding: 'json',
    ...own,
    words: {
      ...{ subject, verb, done, activity: `${doing} ${subject}` },
      doubt: doubt ?? `${subject} may or may not have been ${done}`,
      which: (values) => {
        const value = first === undefined ? undefined : values[first];
        if (value === undefined) return '';
        return preposition === undefined ? ` ${value}` : ` ${preposition} ${value}`;
      },
    },
    resultFields: [...new Set(documented.map((path) => path.replace(/\..*/, '')))],
    ...(answer.in === 'list' ? { givesList: true } : {}),
    ids: (result) =>
      Object.fromEntries(
        Object.entries(answer.ids ?? {}).flatMap(([name, path]) => {
          const id = identifierOf(valueAt(result, path));
          return id === undefined ? [] : [[name, id]];
        }),
      ),
  };
}

/** What stands at a path such as `order.id`: undefined where it is absent, null where its parent is. */
export function valueAt(value: unknown, path: string): unknown {
  let inner = value;
  for (const name of path.split('.')) {
    if (inner === null) return null;
    inner = isObject(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined;
  }
  return inner;
}

/** The members of a list field: with commas between, or as the JSON text of an array. Pure. */
export function membersOf(text: string): string[] {
  try {
    const parsed: unknown = text.trimStart().startsWith('[') ? JSON.parse(text) : null;
    const isTexts = Array.isArray(parsed) && parsed.every((item) => typeof item === 'string');
    if (isTexts) return parsed.map((item: string) => item.trim());
  } catch {
    // What is no JSON is a list like any other, and its brackets are refused.
  }
  return text.split(',').map((member) => member.trim());
}

/** "the order for example.com" */
export function nameOf({ words }: Operation, values: JsonObject): string {
  return `${words.subject}${words.which?.(values) ?? ''}`;
}

/** What a person calls a field: its option without dashes, or its operand as in the usage line. */
export function labelOf({ isOperand, flag, valueName }: Field): string {
  return isOperand === true ? `<${valueName}>` : flag;
}

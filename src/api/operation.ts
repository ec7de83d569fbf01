import { WrittenNumber } from '../output/json.ts';

/** A JSON object as it came or as it is to be sent. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof WrittenNumber)
  );
}

/** One documented parameter of an operation: from it come flag, prompt, help and check. */
export interface Field {
  /** The API's own name. */
  name: string;
  /** The flag without dashes. */
  flag: string;
  /** What stands for the value in the help: `--name <text>`. */
  valueName: string;
  required: boolean;
  /** Never shown, never stored in clear but where the person asks for it. */
  secret: boolean;
  /** What a person is asked. */
  question: string;
  /** The flag's line in the help. */
  help: string;
  /**
   * How it is sent; `text` when left out. An integer is a number in JSON. A switch is the number 1,
   * or 0 when it is required; a mark is the text "1" or left out. A list is an array in JSON; its
   * members are given with commas between, or as the JSON text of an array.
   */
  kind?: 'text' | 'integer' | 'switch' | 'mark' | 'list';
  /** The only values that are accepted. */
  choices?: readonly string[];
  /** Bounds of an integer. */
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
  /**
   * Says what is wrong with a value, or with one member of a list, as a fragment that follows the
   * field's name, or null. Pure.
   */
  check?: (value: string) => string | null;
}

/** What an operation's answer comes to when its envelope says success. */
export type Acceptance =
  | {
      ok: true;
      /** What the command gives: the answer's `data`, or the answer less `success` and `message`. */
      result: JsonObject;
      /** When the result is a list: its rows, which are given instead. */
      rows?: readonly JsonObject[];
      /** What the answer has beside the result, less the envelope. */
      beside?: JsonObject;
      warnings: readonly { code: string; message: string }[];
    }
  | { ok: false; problem: string };

/** How messages speak of an operation: "The client was not created". */
export interface OperationWords {
  /** "the client" */
  subject: string;
  /** "create" */
  verb: string;
  /** "created" */
  done: string;
  /** What an unknown outcome leaves open: "the client may or may not exist". */
  doubt: string;
  /** What is waited for: "Creating the client". */
  activity: string;
  /** Tells this one from others, behind the subject or the activity: " for example.com". */
  which?: (values: JsonObject) => string;
}

/** The members of a list field: with commas between, or as the JSON text of an array. Pure. */
export function membersOf(text: string): string[] {
  if (text.trimStart().startsWith('[')) {
    try {
      const parsed: unknown = JSON.parse(text);
      const isTexts = Array.isArray(parsed) && parsed.every((item) => typeof item === 'string');
      if (isTexts) return parsed.map((item: string) => item.trim());
    } catch {
      // What is no JSON is a list like any other, and its brackets are refused.
    }
  }
  return text.split(',').map((member) => member.trim());
}

/** "the order for example.com" */
export function nameOf({ words }: Operation, values: JsonObject): string {
  return `${words.subject}${words.which?.(values) ?? ''}`;
}

/**
 * One documented operation as data. Facts are those of the API reference.
 */
export interface Operation {
  words: OperationWords;
  method: 'GET' | 'POST';
  /** Path below the origin, misspellings kept. */
  path: string;
  encoding: 'json' | 'form' | 'query';
  /** `read` may be repeated; everything else must never happen twice. `buy` spends money. */
  effect: 'read' | 'create' | 'buy' | 'change';
  fields: readonly Field[];
  /** Names of the documented result, in its order; what `--fields` may name. */
  resultFields: readonly string[];
  /** Members beside the result that only count or date it: nobody is told of them. */
  countedBeside?: readonly string[];
  /** The result is a list of such objects. */
  givesList?: true;
  /** Fills in what follows from other values. Pure. */
  complete?(values: Readonly<Record<string, string>>): Record<string, string>;
  /** Fields that are wrong beside others: a fragment by the field's name. Pure. */
  conflicts?(values: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
  /** Checks the shape of a successful answer against what was sent, and says which field is wrong. */
  accept(answer: JsonObject, sent: JsonObject): Acceptance;
}

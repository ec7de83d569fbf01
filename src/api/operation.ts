/** A JSON object as it came or as it is to be sent. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
}

/** What an operation's answer comes to when its envelope says success. */
export type Acceptance =
  | { ok: true; result: JsonObject; warnings: readonly { code: string; message: string }[] }
  | { ok: false; problem: string };

/**
 * One documented operation as data. Facts are those of the API reference.
 */
export interface Operation {
  /** What it does, as a noun phrase for messages: "the client". */
  subject: string;
  method: 'GET' | 'POST';
  /** Path below the origin, misspellings kept. */
  path: string;
  encoding: 'json' | 'form' | 'query';
  /** `read` may be repeated; everything else must never happen twice. */
  effect: 'read' | 'create' | 'buy' | 'change';
  fields: readonly Field[];
  /** Checks the shape of a successful answer against what was sent. */
  accept(answer: JsonObject, sent: JsonObject): Acceptance;
}

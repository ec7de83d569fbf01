/** One call as it is to be printed. */
export interface SampleRequest {
  method: 'GET' | 'POST';
  /** Absolute, http or https, without query. */
  url: string;
  /** A key in here is left out: it comes from `keyVariable`. */
  headers: Readonly<Record<string, string>>;
  /** Where the values go: `form` and `query` as the URL Standard's `URLSearchParams` writes them. */
  encoding: 'json' | 'form' | 'query';
  /**
   * By API name, in order. Any JSON value where the encoding is `json`, else strings, finite numbers
   * and booleans. What is undefined is left out.
   */
  values: Readonly<Record<string, unknown>>;
  /**
   * Fields that the program reads from the environment: name to variable. A field that is in
   * `values` too keeps its place there, and its value there is not printed; others come last.
   */
  fromEnvironment: Readonly<Record<string, string>>;
  /** Variable with the key, which is sent as `x-api-key`. */
  keyVariable: string;
}

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

export type Field =
  | { name: string; value: JsonValue; variable?: never }
  | { name: string; variable: string };

/** A checked request in the form that every language starts from. */
export interface Call {
  method: 'GET' | 'POST';
  url: string;
  headers: readonly (readonly [name: string, value: string])[];
  encoding: 'json' | 'form' | 'query';
  fields: readonly Field[];
  keyVariable: string;
}

/** For the answer, as the tool itself waits by default. */
export const TIMEOUT_SECONDS = 150;

/** @throws TypeError when no program could make this call. */
export function checkRequest(request: SampleRequest): Call {
  const url = new URL(request.url);
  if (!/^https?:$/.test(url.protocol) || url.search !== '') {
    throw new TypeError('a sample needs an http or https address without a query');
  }
  const fields = fieldsOf(request);
  if (request.method === 'GET' && request.encoding !== 'query' && fields.length > 0) {
    throw new TypeError('a GET carries its values in the query');
  }
  const encoding = request.method === 'GET' ? 'query' : request.encoding;
  for (const name of [request.keyVariable, ...variablesOf(fields)]) {
    if (!/^[A-Za-z_]\w*$/.test(name)) throw new TypeError(`${name} is no name of a variable`);
  }
  return {
    method: request.method,
    url: url.href,
    headers: headersOf(request.headers, encoding),
    encoding,
    fields,
    keyVariable: request.keyVariable,
  };
}

/** Every variable that the fields are read from, once. */
export function variablesOf(fields: readonly Field[]): string[] {
  return [...new Set(fields.flatMap(({ variable }) => variable ?? []))];
}

function fieldsOf({ values, fromEnvironment, encoding }: SampleRequest): Field[] {
  return Object.keys({ ...values, ...fromEnvironment }).flatMap((name): Field[] => {
    const variable = Object.hasOwn(fromEnvironment, name) ? fromEnvironment[name] : undefined;
    if (variable !== undefined) return [{ name, variable }];
    const text: string | undefined = JSON.stringify(values[name]);
    if (text === undefined) return [];
    const value: JsonValue = JSON.parse(text);
    if (encoding !== 'json' && typeof value === 'object') {
      throw new TypeError(`${JSON.stringify(name)} is neither text nor a number nor true or false`);
    }
    return [{ name, value }];
  });
}

const CONTENT_TYPES = { json: 'application/json', form: 'application/x-www-form-urlencoded' };

/** Without a content type each client would put in one of its own. */
function headersOf(
  headers: SampleRequest['headers'],
  encoding: Call['encoding'],
): [string, string][] {
  const given = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'x-api-key');
  for (const [name, value] of given) {
    if (
      !/^[\w!#$%&'*+.^`|~-]+$/.test(name) ||
      !/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value)
    ) {
      throw new TypeError(`the header ${JSON.stringify(name)} cannot be sent`);
    }
  }
  const isTyped = given.some(([name]) => name.toLowerCase() === 'content-type');
  if (encoding === 'query' || isTyped) return given;
  return [...given, ['content-type', CONTENT_TYPES[encoding]]];
}

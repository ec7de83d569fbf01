import { escapeUnsafe } from '../output/text.ts';

/** One call as it is to be printed. */
export interface SampleRequest {
  method: 'GET' | 'POST';
  /** Absolute, without query. */
  url: string;
  /** Where the values go. */
  encoding: 'json' | 'form' | 'query';
  /** By API name, in order. */
  values: Readonly<Record<string, SampleValue>>;
  /**
   * Fields that the program reads from the environment: name to variable. One that is in `values`
   * too keeps its place there, and its value is not printed; others come last.
   */
  fromEnvironment: Readonly<Record<string, string>>;
}

export type SampleValue = string | number | readonly string[];

/** What stands at the top of every program, behind the language's comment sign. */
export function commentLines(request: SampleRequest, needs: string, sign: string): string[] {
  const { method, url, fromEnvironment } = request;
  const variables = ['OXHOST_API_KEY', ...Object.values(fromEnvironment)].join(' and ');
  const lines = [
    `Makes one call: ${method} ${url}`,
    `Needs ${needs}, and ${variables} in the environment.`,
    ...(method === 'GET'
      ? []
      : [
          'If it was sent and no answer came, it may have been carried out: look before repeating it.',
        ]),
  ];
  return lines.map((line) => `${sign} ${line}`);
}

/** Every field as the source of its value: a literal, or what reads its variable. */
export function fieldSources(
  { values, fromEnvironment }: SampleRequest,
  literal: (value: SampleValue) => string,
  variable: (name: string) => string,
): [name: string, source: string][] {
  return Object.keys({ ...values, ...fromEnvironment }).map((name) => [
    name,
    fromEnvironment[name] === undefined
      ? literal(values[name] ?? '')
      : variable(fromEnvironment[name]),
  ]);
}

/** JSON that shows all that it holds: what nobody sees or a terminal obeys is escaped. */
export function jsonLiteral(value: unknown): string {
  return escapeUnsafe(JSON.stringify(value));
}

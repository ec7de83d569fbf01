import { type Call, variablesOf } from './request.ts';

/** What stands at the top of every program; without the language's comment sign. */
export function commentLines(call: Call, needs: string): string[] {
  const variables = [call.keyVariable, ...variablesOf(call.fields)];
  const lines = [
    `Makes one call: ${call.method} ${call.url}`,
    `Needs ${needs}, and ${variables.join(' and ')} in the environment.`,
  ];
  if (call.method === 'GET') return lines;
  return [
    ...lines,
    'If it was sent but no answer came, it may have been carried out: look before running it again.',
  ];
}

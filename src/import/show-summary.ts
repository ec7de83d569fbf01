import type { Context } from '../context.ts';
import { againCommand } from './again-command.ts';
import type { Attention } from './attention.ts';
import type { Run } from './send.ts';
import { loginList, probablyOurs, summaryText } from './summary-text.ts';
import type { Summary } from './tally.ts';

export interface Ending {
  /** Whether the run ended before its last row. */
  readonly stopped: boolean;
  /** Whether the address turned out to be wrong only after rows had been refused for it. */
  readonly refusedByAddress: boolean;
  readonly attention: Attention;
}

/** Says what became of the rows, and with which commands it goes on. */
export function showSummary(
  context: Pick<Context, 'output' | 'givenFlags' | 'settings'>,
  { input, settings }: Run,
  summary: Summary,
  ending: Ending,
): void {
  const { output, givenFlags: given } = context;
  const { generatePasswords, operand } = settings;
  const { attention } = ending;
  if (output.isJson) {
    if (summary.unknown > 0) {
      const logins = loginList(summary, attention.unknown);
      output.note('unknown_rows', `Unknown; look for these logins in the panel: ${logins}`);
    }
    if (attention.probablyOurs > 0) {
      const text = probablyOurs(attention.probablyOurs, generatePasswords);
      output.note('probably_created', text);
    }
    output.summary({ ...summary }, '');
    return;
  }
  // To an embedded sandbox there is no second run.
  const again = (retry: '--retry-unknown' | '--retry-rejected') =>
    context.settings.sandbox ? null : againCommand({ operand, given, retry });
  const lines = summaryText(summary, {
    input: input.name,
    generatesPasswords: generatePasswords,
    attention,
    stopped: ending.stopped,
    retryUnknown: again('--retry-unknown'),
    retryRejected: ending.refusedByAddress ? again('--retry-rejected') : null,
  });
  for (const { text, toCopy } of lines) {
    if (toCopy) output.command(text);
    else output.summary({}, text);
  }
}

import type { Candidate, Completion } from './complete.ts';
import type { Shell } from './shells.ts';

/**
 * A completion as the shell's script reads it: a line that says what completes the word (`words`,
 * `files` or `folders`), then a line for each word.
 * @param current what stands before the cursor of the word to be completed.
 */
export function answerFor(shell: Shell, completion: Completion, current: string): string {
  if (completion.kind !== 'words') return `${completion.kind}\n`;
  const { choosesItself, line } = DIALECTS[shell];
  const candidates = completion.candidates.filter(
    ({ value }) => choosesItself || value.startsWith(current),
  );
  return ['words', ...candidates.map(line)].map((text) => `${text}\n`).join('');
}

interface Dialect {
  /** Picks what fits the word, by rules of the person's own: without regard to case, for example. */
  choosesItself: boolean;
  line: (candidate: Candidate) => string;
}

const behindTab = ({ value, description }: Candidate) => `${value}\t${description}`;

const DIALECTS: Readonly<Record<Shell, Dialect>> = {
  bash: { choosesItself: false, line: ({ value }) => value },
  zsh: {
    choosesItself: true,
    line: ({ value, description }) =>
      `${value.replace(/[\\:]/g, '\\$&')}${description === '' ? '' : `:${description}`}`,
  },
  fish: { choosesItself: true, line: behindTab },
  powershell: { choosesItself: false, line: behindTab },
};

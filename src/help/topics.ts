/** What `oxhost help` explains next to the commands. */
export const HELP_TOPICS = [
  'options',
  'passwords',
  'unknown',
  'import',
  'exit-codes',
  'environment',
  'json',
] as const;
export type HelpTopic = (typeof HELP_TOPICS)[number];

export function isHelpTopic(word: string | undefined): word is HelpTopic {
  return HELP_TOPICS.some((topic) => topic === word);
}

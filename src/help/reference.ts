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

interface Variable {
  name: string;
  meaning: string;
  /** The flag that wins over it and means the same. */
  flag?: string;
}

/** Every environment variable that is looked at; empty counts as unset. */
export const VARIABLES: readonly Variable[] = [
  { name: 'OXHOST_API_KEY', meaning: 'the key' },
  { name: 'OXHOST_KEY_COMMAND', meaning: 'a command that prints the key' },
  { name: 'OXHOST_API_URL', meaning: 'as --api-url', flag: '--api-url' },
  { name: 'OXHOST_PROFILE', meaning: 'as --profile', flag: '--profile' },
  { name: 'OXHOST_CONFIG_DIR', meaning: 'the folder of settings' },
  { name: 'OXHOST_CLIENT_PASSWORD', meaning: "a new client's password" },
  { name: 'OXHOST_FTP_PASSWORD', meaning: 'the FTP password of a hosting order' },
  { name: 'OXHOST_SERVER_PASSWORD', meaning: 'the root password of a storage order' },
  { name: 'OXHOST_PASSWORD', meaning: 'the account password of a domain order' },
  { name: 'OXHOST_OUTPUT', meaning: 'text or json' },
  { name: 'OXHOST_TIMEOUT', meaning: 'as --timeout', flag: '--timeout' },
  { name: 'OXHOST_NO_INPUT', meaning: 'as --no-input', flag: '--no-input' },
  { name: 'OXHOST_DEBUG', meaning: 'as --debug', flag: '--debug' },
  { name: 'CI', meaning: 'nothing is asked' },
  { name: 'NO_COLOR', meaning: 'no colour' },
  { name: 'FORCE_COLOR', meaning: 'colour also in a pipe' },
  { name: 'TERM', meaning: 'dumb: no colour and nothing that moves' },
  { name: 'HTTPS_PROXY', meaning: 'proxy for https, in either case' },
  { name: 'NO_PROXY', meaning: 'hosts without a proxy, in either case' },
  { name: 'NODE_EXTRA_CA_CERTS', meaning: 'a file of further certificate authorities' },
  { name: 'NODE_USE_SYSTEM_CA', meaning: '1: trust what this system trusts (Node 22.19, 24.6)' },
  { name: 'XDG_CONFIG_HOME', meaning: 'where the folder of settings is (Linux)' },
  { name: 'APPDATA', meaning: 'where the folder of settings is (Windows)' },
];

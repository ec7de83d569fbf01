import { ERROR_FIELDS, EXIT_CODES } from '../../errors.ts';
import { type HelpTopic, VARIABLES } from '../../help/reference.ts';
import { globalOptions } from '../options.ts';

/** One topic of `oxhost help`. */
export interface Explanation {
  /** Paragraphs; lines that begin with a space stay as they are. */
  words: string;
  /** What stands below them as two columns, and as data with `--json`. */
  rows?: readonly { name: string; text: string; data: Readonly<Record<string, unknown>> }[];
}

/** Made when it is asked for. Pure. */
export function explain(topic: HelpTopic): Explanation {
  return EXPLANATIONS[topic]();
}

const EXPLANATIONS: Readonly<Record<HelpTopic, () => Explanation>> = {
  options: () => ({
    words: 'Every command takes these options, before and after its name.',
    rows: globalOptions()
      .filter(({ hidden }) => !hidden)
      .map(({ flags, description }) => [flags, description] as const)
      .concat([['-h, --help', 'show help']])
      .map(([option, meaning]) => ({ name: option, text: meaning, data: { option, meaning } })),
  }),

  passwords: () => ({
    words: `
A new client's password comes from one place:

  --password-stdin        pass show client1 | oxhost plesk client create …
  --password-file <path>  a file; one newline at its end is left out
  --generate-password     a strong one is made (--password-length, 14 to 64)
  --password <value>      other users of this machine can read it
  --input                 its member "password"
  OXHOST_CLIENT_PASSWORD  from the environment
  the question            when nothing else gives it; Enter generates one

Two of the flags at once are an error. A flag wins over --input, and --input over the
environment.

A generated password is in the result, as generated_password. --password-out <file> writes it to a
new file that only you can read, and leaves it out of the result. If the server calls it too weak,
a new one is made and sent, once. It is on the disk before the request goes out, so that neither a
lost answer nor a closed terminal can lose it: oxhost history show has it until you have seen it.

The passwords of orders have flags of the same kind: --ftp-password-stdin, --generate-ftp-password
and OXHOST_FTP_PASSWORD for hosting, --server-password-stdin, --generate-server-password and
OXHOST_SERVER_PASSWORD for a storage server, OXHOST_PASSWORD for a domain.`,
  }),

  unknown: () => ({
    words: `
Exit code 8 says that a request left this machine and no usable answer came back. The client or
the order may be there or not. oxhost does not send it again by itself, since that could create it
or charge you twice.

1. Look in the panel whether it is there. The error says what the server answered, if it did.

2. Say what you found, with the number that the error names; oxhost history --unknown lists all:

  oxhost history settle 12 --exists yes   it is there; a kept password is shown
  oxhost history settle 12 --exists no    it is not; give the command again

Until then the same purchase is refused. The same client is only warned of: a login exists once,
so the server would refuse a second one.

In scripts: treat exit code 8 as "stop and look", never as "try again". For the unknown rows of an
import see oxhost help import.`,
  }),

  import: () => ({
    words: `
oxhost plesk client import <file> creates a client for each row of a CSV, TSV or NDJSON file or of
a JSON array. Give the same command again until it says that all is done: rows that were created
are skipped, rows that you fixed or added are taken, and no client is created twice, whatever
stopped the last run.

The columns are name (or first_name and last_name), login, email, password and company, or what is
usual for them; --map login=Username says otherwise. --generate-passwords makes a password where
the file has none, or a hash. --dry-run shows the columns found and what would become of each row.

The folder <file>.oxhost has, for you alone:

  results.csv     every row: its state, ids, generated password, the server's words
  unknown.csv     rows whose end is not known, while there are any
  journal.ndjson  what makes the rest possible; keep it as long as the file

Rows that were refused are fixed in your own file. Rows that are unknown: open unknown.csv, look
for each login in the panel, write yes or no under "exists", save it, and run the same command
again. yes counts as created; no is sent once more with the same password; an empty cell stays
unknown. --retry-unknown stands for no in all that are empty.

Ctrl-C waits for the answers that are under way; a second one leaves at once. The exit code is 3
when rows were refused, 8 when some are unknown, and 0 when all are there.`,
  }),

  'exit-codes': () => ({
    words:
      'Each end of a command has its own exit code. It also says whether to repeat the command.',
    rows: EXIT_CODES.map(({ code, meaning, repeat, errors }) => ({
      name: String(code),
      text: repeat === '' ? meaning : `${meaning}. Repeat: ${repeat}.`,
      data: { code, meaning, repeat, errors },
    })),
  }),

  environment: () => ({
    words: `
A flag wins over the environment, and the environment over the profile. Empty counts as unset.`,
    rows: VARIABLES.map(({ name, meaning }) => ({ name, text: meaning, data: { name, meaning } })),
  }),

  json: () => ({
    words: `
With --json standard output has the result alone, in a pipe on one line, with the names of the
API: the answer's data, or the answer without success and message. --fields picks some of its
fields; --get prints one value of it, with or without --json. Nothing is ever asked.

Each line of standard error is an object: {"error":{...}}, {"warning":{"code","message"}},
{"note":{"code","message"}} or {"summary":{...}}. After an error standard output is empty. The
fields of "error":`,
    rows: Object.entries(ERROR_FIELDS).map(([field, meaning]) => ({
      name: field,
      text: meaning,
      data: { field, meaning },
    })),
  }),
};

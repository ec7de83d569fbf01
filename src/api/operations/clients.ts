import { identifierOf, isPending, onlyObject } from '../answer.ts';
import type { Acceptance, JsonObject, Operation } from '../operation.ts';

/** Fields of the documented answer, in its order. */
export const CLIENT_RESULT_FIELDS = [
  'id',
  'plesk_client_id',
  'name',
  'login',
  'email',
  'company',
] as const;

/** `POST /API/plesk/clients/create` of the API reference. */
export const createClient: Operation = {
  words: {
    subject: 'the client',
    verb: 'create',
    done: 'created',
    doubt: 'the client may or may not exist',
    activity: 'Creating the client',
    which: ({ login }) => ` ${login}`,
  },
  method: 'POST',
  path: '/API/plesk/clients/create',
  encoding: 'json',
  effect: 'create',
  fields: [
    {
      name: 'name',
      flag: 'name',
      valueName: 'text',
      required: true,
      secret: false,
      question: 'Full name',
      help: 'full name of the client',
    },
    {
      name: 'login',
      flag: 'login',
      valueName: 'login',
      required: true,
      secret: false,
      question: 'Login for Plesk',
      help: 'login name for Plesk',
    },
    {
      name: 'email',
      flag: 'email',
      valueName: 'address',
      required: true,
      secret: false,
      question: 'E-mail address',
      help: 'e-mail address',
    },
    {
      name: 'password',
      flag: 'password',
      valueName: 'value',
      required: true,
      secret: true,
      question: 'Password for Plesk',
      help: 'password for Plesk',
      variable: 'OXHOST_CLIENT_PASSWORD',
    },
    {
      name: 'company',
      flag: 'company',
      valueName: 'text',
      required: false,
      secret: false,
      question: 'Company (may stay empty)',
      help: 'company name, optional',
    },
  ],
  resultFields: CLIENT_RESULT_FIELDS,
  accept: acceptClient,
};

const IDENTIFIERS = new Set<string>(['id', 'plesk_client_id']);

function acceptClient(answer: JsonObject, sent: JsonObject): Acceptance {
  const client = onlyObject(answer['data']);
  if (client === undefined) return { ok: false, problem: 'it has no data of one client' };
  const id = identifierOf(client['id']);
  if (id === undefined) return { ok: false, problem: 'it has no id of the client' };

  if (isPending(answer['status']) || isPending(client['status'])) {
    return { ok: false, problem: 'it says that the client is still to be made' };
  }

  const login = textOfNumber(client['login']);
  const warnings: { code: string; message: string }[] = [];
  if (login !== undefined && login !== null && login !== sent['login']) {
    if (!resembles(login, sent['login'])) {
      return { ok: false, problem: 'it names another login than the one that was sent' };
    }
    warnings.push({
      code: 'login_changed',
      message: `The server made the login ${String(login)} of ${String(sent['login'])}; the one to keep is ${String(login)}.`,
    });
  }
  return { ok: true, result: inDocumentedOrder(client), warnings };
}

/** A server that writes digits as a number means the same login. */
function textOfNumber(value: unknown): unknown {
  return typeof value === 'string' ? value : (identifierOf(value) ?? value);
}

/** In other case, or with something before or after it. */
function resembles(returned: unknown, sent: unknown): boolean {
  if (typeof returned !== 'string' || typeof sent !== 'string' || sent === '') return false;
  return returned.toLowerCase().includes(sent.toLowerCase());
}

function inDocumentedOrder(client: Record<string, unknown>): JsonObject {
  const names = [
    ...CLIENT_RESULT_FIELDS.filter((name) => Object.hasOwn(client, name)),
    ...Object.keys(client).filter((name) => !CLIENT_RESULT_FIELDS.some((known) => known === name)),
  ].filter((name) => !IDENTIFIERS.has(name) || (client[name] ?? null) !== null);
  return Object.fromEntries(
    names.map((name) => {
      const value = client[name];
      return [name, IDENTIFIERS.has(name) ? (identifierOf(value) ?? String(value)) : value];
    }),
  );
}

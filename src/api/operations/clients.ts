import { type AccountFields, checkAccount } from '../../plesk/account.ts';
import { field, operation, secret } from '../operation.ts';

/** `POST /API/plesk/clients/create` of the API reference. */
export const createClient = operation({
  command: 'plesk client create',
  thing: 'client',
  verbs: ['create', 'created', 'Creating'],
  doubt: 'the client may or may not exist',
  path: '/API/plesk/clients/create',
  effect: 'create',
  identity: ['login'],
  fields: [
    field('name', 'name', 'full name of the client', { question: 'Full name' }),
    field('login', 'login', 'login name for Plesk', {
      question: 'Login for Plesk',
      valueName: 'login',
    }),
    field('email', 'email', 'e-mail address', { valueName: 'address' }),
    secret('password', 'password', 'password for Plesk', 'OXHOST_CLIENT_PASSWORD'),
    field('company', 'company', 'company name', {
      required: false,
      question: 'Company (optional)',
    }),
  ],
  answer: {
    in: 'data',
    members: ['id', 'plesk_client_id', 'name', 'login', 'email', 'company'],
    proof: ['id', 'plesk_client_id'],
    expected: ['id', 'plesk_client_id'],
    repeats: { email: 'email' },
    recognizedBy: 'login',
    ids: { client_id: 'id', plesk_client_id: 'plesk_client_id' },
  },
  // Two ways to write one accented letter are one name (Unicode Standard Annex 15).
  complete: (values) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        name === 'name' || name === 'company' ? value.normalize('NFC') : value,
      ]),
    ),
  check: (values, passwordIsGenerated) =>
    checkAccount(values as Partial<AccountFields>, { passwordIsGenerated }),
});

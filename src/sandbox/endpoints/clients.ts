import { refusal, success } from '../answers.ts';
import { optionalText, text } from '../validation.ts';
import { defineEndpoint } from './endpoint.ts';

export const createClient = defineEndpoint({
  method: 'POST',
  path: '/API/plesk/clients/create',
  encoding: 'json',
  fields: { name: text, login: text, email: text, password: text, company: optionalText },
  run: (state, { name, login, email, company }) => {
    const client = state.addClient({ name, login, email, company });
    if (client === undefined) {
      const message = `A client with the login ${login} already exists`;
      return refusal(409, message, { login: [message] });
    }
    return success({
      success: true,
      message: 'Client created successfully',
      data: {
        id: client.id,
        plesk_client_id: client.pleskClientId,
        name: client.name,
        login: client.login,
        email: client.email,
        ...(client.company === undefined ? {} : { company: client.company }),
      },
    });
  },
});

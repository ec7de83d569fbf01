import { orderStorage } from '../../api/operations/hosting.ts';
import { registerOperation } from '../operation.ts';

export const register = registerOperation(orderStorage, {
  notes: `The server's password comes from one of its flags, --input,
OXHOST_SERVER_PASSWORD or a question. Passwords in the answer are hidden in
text; --json gives the server's own, but never the one that was sent.`,
  examples: [
    `oxhost storage order --plan "$plan" --image "$image" --hours 720 --os-version "Debian 13" --payment balance --generate-server-password`,
  ],
});

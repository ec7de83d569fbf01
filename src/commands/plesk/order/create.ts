import { createOrder } from '../../../api/operations/hosting.ts';
import { registerOperation } from '../../operation.ts';

export const register = registerOperation(createOrder, {
  notes: `The FTP password comes from one of its flags, --input, OXHOST_FTP_PASSWORD or a
question. An order to be paid by crypto may have no subscription yet.`,
  examples: [
    'oxhost plesk order create',
    `oxhost plesk order create --yes --json --client "$client" --plan "$plan" --domain example.com --ftp-login client1 --generate-ftp-password --ftp-password-out client1.ftp --months 1 --payment balance | jq -r .subscription.id`,
    `oxhost plesk order create --code php --client ID --plan ID --months 1 --domain example.com --ftp-login client1 --payment balance`,
  ],
});

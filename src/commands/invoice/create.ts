import { createInvoice } from '../../api/operations/account.ts';
import { registerOperation } from '../operation.ts';

export const register = registerOperation(createInvoice, {
  notes: 'Makes the invoice by which an order is paid in a coin.',
  examples: [
    `oxhost invoice create --order "$order" --currency EUR --pay-currency ETH --network Ethereum --yes --json | jq -r .address`,
  ],
});

import { orderDomain } from '../../api/operations/domains.ts';
import { registerOperation } from '../operation.ts';

export const register = registerOperation(orderDomain, {
  notes: `Without --suffix it is what follows the first dot of the domain. The password is
optional and sent only when a flag, --input or OXHOST_PASSWORD gives it.`,
  examples: [
    'oxhost domain order --domain example.com --years 1',
    'oxhost domain order --domain example.com --years 1 --yes --json | jq -r .id',
  ],
});

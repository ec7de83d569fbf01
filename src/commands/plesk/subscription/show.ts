import { showSubscription } from '../../../api/operations/hosting.ts';
import { registerOperation } from '../../operation.ts';

export const register = registerOperation(showSubscription, {
  examples: [
    'oxhost plesk subscription show "$subscription"',
    `oxhost plesk subscription show "$subscription" --json | jq -r .subscription.status`,
  ],
});

import { renewOrder } from '../../../api/operations/hosting.ts';
import { registerOperation } from '../../operation.ts';

export const register = registerOperation(renewOrder, {
  notes: 'Every renewal that is carried out adds months and costs money.',
  examples: [
    'oxhost plesk order renew "$subscription" --months 3 --payment balance',
    `oxhost plesk order renew "$subscription" --months 1 --payment balance --new-plan "$plan" --yes --json | jq -r .balance_after`,
  ],
});

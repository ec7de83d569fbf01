import { checkDomain } from '../../api/operations/domains.ts';
import { registerOperation } from '../operation.ts';

export const register = registerOperation(checkDomain, {
  notes: `A name with a dot is taken apart (example.com: example and com) when there is no
--suffix. Exit code 0 whatever is free; "available" is always true or false.`,
  examples: [
    'oxhost domain check example --suffix com --suffix net',
    `oxhost domain check example.com --json | jq -e '.[0].available'`,
  ],
});

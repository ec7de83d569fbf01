import { setNotification } from '../../api/operations/account.ts';
import { registerOperation } from '../operation.ts';

export const register = registerOperation(setNotification, {
  examples: ['oxhost notification set --preference email --days 3'],
});

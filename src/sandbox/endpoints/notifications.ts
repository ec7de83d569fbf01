import { success } from '../answers.ts';
import { formatWallTime, wallTime } from '../times.ts';
import { integer, text } from '../validation.ts';
import { defineEndpoint } from './endpoint.ts';

export const setNotification = defineEndpoint({
  method: 'POST',
  // Misspelt in the API reference, and so here.
  path: '/API/users/change_preferences_notificaction',
  encoding: 'json',
  fields: { user_id: text, preferences: text, days: integer(0, 3650) },
  run: (state, { user_id, preferences, days }) =>
    success({
      success: true,
      message: 'Notification preferences updated successfully',
      data: {
        user_id,
        preferences,
        days,
        updated_at: formatWallTime(wallTime(state.sources.now())),
      },
    }),
});

import { describe, expect, test } from 'vitest';
import { paths, start } from './start.ts';

describe('notification preferences', () => {
  test.each([3, '3'])('days sent as %j come back as a number', async (days) => {
    const fields = { user_id: 'user-1', preferences: 'email', days };
    const { status, body } = await (await start()).post(paths.notification, fields);
    expect([status, body]).toEqual([
      200,
      {
        success: true,
        message: 'Notification preferences updated successfully',
        data: {
          user_id: 'user-1',
          preferences: 'email',
          days: 3,
          updated_at: '2025-03-20 12:34:56',
        },
      },
    ]);
  });

  test('all bad fields are told at once', async () => {
    const fields = { preferences: [], days: 'three' };
    const { status, body } = await (await start()).post(paths.notification, fields);
    expect([status, body['errors']]).toEqual([
      422,
      {
        user_id: ['user_id is required'],
        preferences: ['preferences must be a string'],
        days: ['days must be an integer'],
      },
    ]);
  });
});

import { describe, expect, test } from 'vitest';
import type { Failure } from '../../../src/api/http.ts';
import { createClient } from '../../../src/api/operations/clients.ts';
import { classify } from '../../../src/api/outcome.ts';
import { interpret } from '../../../src/import/engine/meaning.ts';
import { Watch } from '../../../src/import/engine/watch.ts';
import { created, reply, sent } from '../../api/replies.ts';

const failure = (left: boolean): Failure => ({
  kind: 'failure',
  sent: left,
  reason: 'network',
  code: null,
  message: 'it failed',
});

const ANSWERS = {
  created: reply(201, created),
  refused: reply(422, { success: false, message: 'No' }),
  'not found': reply(404),
  'a wait': reply(429),
  'not sent': failure(false),
  unknown: failure(true),
};
type Answer = keyof typeof ANSWERS;

/** A watch and what it says of one answer after another: the code of its reason to stop, or null. */
function startWatch(maxErrors: number | null = null) {
  const watch = new Watch(maxErrors);
  return (name: Answer, times = 1): string | null => {
    let said: string | null = null;
    for (let time = 0; time < times; time += 1) {
      const outcome = classify(ANSWERS[name], createClient, sent);
      const request = {
        row: 1,
        login: 'client1',
        password: 'not-a-real-secret',
        mayReplacePassword: false,
        earlierUnknown: false,
      };
      const meaning = interpret({ outcome, attempts: 1, retryAfterSeconds: null }, request, {
        origin: 'https://api.example.com',
        endpointWorks: watch.endpointWorks,
        redact: (text) => text,
      });
      said = watch.see(meaning, outcome)?.code ?? null;
      if (said !== null && time < times - 1) return `${said} after ${time + 1}`;
    }
    return said;
  };
}

describe('fifty unknown in a row', () => {
  test('end the run, forty-nine do not', () => {
    const see = startWatch();
    expect(see('unknown', 49)).toBeNull();
    expect(see('unknown')).toBe('outcome_unknown');
  });

  test('are still in a row when some in between could not be sent: nobody answered those', () => {
    const see = startWatch();
    for (let time = 0; time < 49; time += 1) {
      expect(see('unknown')).toBeNull();
      expect(see('not sent')).toBeNull();
    }
    expect(see('unknown')).toBe('outcome_unknown');
  });

  test.each<Answer>(['created', 'refused', 'a wait'])(
    'are not in a row with %s in between: the server answers',
    (answer) => {
      const see = startWatch();
      see('created');
      expect(see('unknown', 49)).toBeNull();
      expect(see(answer)).toBeNull();
      expect(see('unknown', 49)).toBeNull();
      expect(see('unknown')).toBe('outcome_unknown');
    },
  );
});

describe('not found', () => {
  test('before any other answer is about the address', () => {
    expect(startWatch()('not found')).toBe('rejected');
  });

  test.each<Answer>(['created', 'refused'])('after %s is about the row, ten times', (answer) => {
    const see = startWatch();
    expect(see(answer)).toBeNull();
    expect(see('not found', 10)).toBeNull();
    expect(see('not found')).toBe('rejected');
  });

  test.each<Answer>(['not sent', 'a wait', 'unknown'])(
    'is not made one about the row by %s, which proves no address',
    (answer) => {
      const see = startWatch();
      see('created');
      expect(see('not found', 10)).toBeNull();
      expect(see(answer)).toBeNull();
      expect(see('not found')).toBe('rejected');
    },
  );
});

describe('as many failures as allowed', () => {
  test('are rows that ended badly, and neither waits nor what is sent again', () => {
    const see = startWatch(3);
    expect(see('created', 5)).toBeNull();
    expect(see('refused', 2)).toBeNull();
    expect(see('a wait', 9)).toBeNull();
    expect(see('not sent', 9)).toBeNull();
    expect(see('refused')).toBe('rejected');
  });

  test('say so when some of them are unknown', () => {
    const see = startWatch(2);
    expect(see('unknown')).toBeNull();
    expect(see('refused')).toBe('outcome_unknown');
  });
});

import { describe, expect, test } from 'vitest';
import type { Attempt, Failure } from '../../src/api/http.ts';
import { createClient } from '../../src/api/operations/clients.ts';
import { classify } from '../../src/api/outcome.ts';
import { created, createdWith, reply, sent } from './replies.ts';

/** A outcome in short: its class, with the reason of a rejection and the codes of warnings. */
function outcomeOf(attempt: Attempt): string {
  const outcome = classify(attempt, createClient, sent);
  if (outcome.class === 'rejected') return `rejected: ${outcome.reason}`;
  if (outcome.class === 'done' && outcome.warnings.length > 0) {
    return `done with ${outcome.warnings.map(({ code }) => code).join(', ')}`;
  }
  return outcome.class;
}

function failure(isSent: boolean, reason: Failure['reason']): Failure {
  return { kind: 'failure', sent: isSent, reason, code: null, message: 'it failed' };
}

const html = '<!DOCTYPE html><title>Just a moment...</title>';
const refused = { success: false, message: 'No.' };
const exists = { success: false, message: "Client with login name 'client1' already exists." };

describe('no reply', () => {
  test.each<[Failure['reason']]>([
    ['certificate'],
    ['proxy'],
    ['network'],
    ['timeout'],
    ['cancelled'],
    ['malformed'],
  ])('%s before sending: not_sent; after it: unknown', (reason) => {
    expect(outcomeOf(failure(false, reason))).toBe('not_sent');
    expect(outcomeOf(failure(true, reason))).toBe('unknown');
  });

  test('an interruption after sending is told from other unknowns', () => {
    expect(classify(failure(true, 'cancelled'), createClient, sent)).toEqual({
      class: 'unknown',
      why: 'it failed',
      reply: null,
      cancelled: true,
    });
    expect(classify(failure(true, 'network'), createClient, sent)).toMatchObject({
      cancelled: false,
    });
  });
});

describe('2xx', () => {
  test.each([200, 201, 203, 206, 299])('%i with the documented body: done', (status) => {
    expect(outcomeOf(reply(status, created))).toBe('done');
  });

  test.each<[string, unknown, string]>([
    ['a byte order mark before the JSON', `\ufeff${JSON.stringify(created)}`, 'done'],
    ['data in an array of one', { ...created, data: [created.data] }, 'done'],
    ['data in an array of two', { ...created, data: [created.data, created.data] }, 'unknown'],
    ['data in an empty array', { ...created, data: [] }, 'unknown'],
    ['our login in other case', createdWith({ login: 'CLIENT1' }), 'done with login_changed'],
    ['something before our login', createdWith({ login: 'x_client1' }), 'done with login_changed'],
    ['something behind our login', createdWith({ login: 'client1_2' }), 'done with login_changed'],
    ['another login', createdWith({ login: 'client2' }), 'unknown'],
    ['a mangled login', createdWith({ login: 'cli\ufffdnt1' }), 'unknown'],
    ['success 1', { ...created, success: 1 }, 'done with unusual_answer'],
    ['success "1"', { ...created, success: '1' }, 'done with unusual_answer'],
    ['success "true"', { ...created, success: 'true' }, 'done with unusual_answer'],
    ['success 0', { ...created, success: 0 }, 'rejected: refused'],
    ['success "0"', { ...created, success: '0' }, 'rejected: refused'],
    ['success "false"', { ...created, success: 'false' }, 'rejected: refused'],
    ['success "yes"', { ...created, success: 'yes' }, 'unknown'],
    ['success 2', { ...created, success: 2 }, 'unknown'],
    ['success null', { ...created, success: null }, 'unknown'],
    ['no success', { message: 'ok', data: created.data }, 'unknown'],
    ['no data', { success: true }, 'unknown'],
    ['data null', { success: true, data: null }, 'unknown'],
    ['no id', createdWith({ id: undefined }), 'unknown'],
    ['a pending status', { ...created, status: 'pending' }, 'unknown'],
    ['a pending client', createdWith({ status: 'Pending' }), 'unknown'],
    ['nothing', '', 'unknown'],
    ['a space', ' ', 'unknown'],
    ['null', 'null', 'unknown'],
    ['an array', [created], 'unknown'],
    ['a text', '"created"', 'unknown'],
    ['cut JSON', JSON.stringify(created).slice(0, -3), 'unknown'],
    ['JSON with something behind it', `${JSON.stringify(created)}x`, 'unknown'],
    ['a PHP warning before the JSON', `<br /><b>Warning</b>${JSON.stringify(created)}`, 'unknown'],
    ['HTML', html, 'unknown'],
    ['the same key with two values', '{"success":true,"data":{"id":1,"id":2}}', 'unknown'],
    ['the id in a prototype', '{"success":true,"data":{"__proto__":{"id":1}}}', 'unknown'],
    ['success in a prototype', '{"__proto__":{"success":true},"data":{"id":1}}', 'unknown'],
    ['very deep JSON', `{"success":true,"data":${'['.repeat(9000)}`, 'unknown'],
    ['success false', refused, 'rejected: refused'],
    ['success false: already exists', exists, 'rejected: exists'],
  ])('200 with %s', (_name, body, expected) => {
    expect(outcomeOf(reply(200, body))).toBe(expected);
  });

  test('a body that is not whole is never believed, whatever can be read of it', () => {
    for (const body of [created, refused]) {
      expect(outcomeOf(reply(200, body, { bodyProblem: 'the answer was cut off' }))).toBe(
        'unknown',
      );
    }
  });

  test('202 is unknown even with the documented body, and 204 has none', () => {
    expect(outcomeOf(reply(202, created))).toBe('unknown');
    expect(outcomeOf(reply(202))).toBe('unknown');
    expect(outcomeOf(reply(204))).toBe('unknown');
  });
});

describe('success: false is a refusal below status 500', () => {
  test.each([200, 201, 202, 301, 302, 303, 304, 400, 402, 404, 422, 499])('%i', (status) => {
    expect(outcomeOf(reply(status, refused))).toBe('rejected: refused');
    expect(outcomeOf(reply(status, exists))).toBe('rejected: exists');
  });
});

describe('3xx', () => {
  test.each([300, 301, 302, 303, 304, 399])('%i: unknown', (status) => {
    expect(outcomeOf(reply(status))).toBe('unknown');
    expect(outcomeOf(reply(status, html))).toBe('unknown');
    expect(outcomeOf(reply(status, created))).toBe('unknown');
  });

  test.each([307, 308])('%i: rejected as a redirect', (status) => {
    expect(outcomeOf(reply(status))).toBe('rejected: redirect');
    expect(outcomeOf(reply(status, created))).toBe('rejected: redirect');
  });
});

describe('4xx', () => {
  test.each([400, 402, 404, 405, 406, 410, 411, 413, 414, 415, 416, 417, 418, 422, 423, 424, 426])(
    '%i: rejected, with any body',
    (status) => {
      for (const body of ['', html, '{', 'null', created, refused]) {
        expect(outcomeOf(reply(status, body))).toBe('rejected: refused');
      }
      expect(outcomeOf(reply(status, '', { bodyProblem: 'cut' }))).toBe('rejected: refused');
      expect(outcomeOf(reply(status, exists))).toBe('rejected: exists');
    },
  );

  test.each([428, 431, 444, 451, 498, 499])('%i, as every other: rejected', (status) => {
    expect(outcomeOf(reply(status))).toBe('rejected: refused');
  });

  test.each(['', html, refused, created])('409 says that it exists: body %j', (body) => {
    expect(outcomeOf(reply(409, body))).toBe('rejected: exists');
  });

  test.each([401, 403, 407])('%i: rejected for the key, with any body', (status) => {
    for (const body of ['', html, refused, exists, created]) {
      expect(outcomeOf(reply(status, body))).toBe('rejected: auth');
    }
  });

  test.each([408, 421, 425, 429])('%i: throttled, with any body', (status) => {
    for (const body of ['', html, refused, created]) {
      expect(outcomeOf(reply(status, body))).toBe('throttled');
    }
  });
});

describe('5xx and what no list has', () => {
  test.each([500, 501, 502, 503, 504, 505, 507, 511, 520, 521, 522, 523, 524, 530, 599, 600, 999])(
    '%i: unknown, with any body',
    (status) => {
      for (const body of ['', html, refused, exists, created]) {
        expect(outcomeOf(reply(status, body))).toBe('unknown');
      }
    },
  );

  test.each([0, 100, 101, 199])('%i: unknown', (status) => {
    expect(outcomeOf(reply(status, created))).toBe('unknown');
  });
});

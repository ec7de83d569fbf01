import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressOf } from '../../src/commands/api/raw-fields.ts';

const ORIGIN = 'https://0xhost.com';

test.each([
  ['/API/invoice', '/API/invoice'],
  ['API/invoice', '/API/invoice'],
  ['/API/x?a=b&c=%20', '/API/x?a=b&c=%20'],
  ['/API/x?next=https://example.com/..', '/API/x?next=https://example.com/..'],
  ['/', '/'],
  ['/é', '/%C3%A9'],
  ['/@example.com', '/@example.com'],
  ['example.com/x', '/example.com/x'],
  ['/a..b/...', '/a..b/...'],
  ['/a//b', '/a//b'],
])('%s', (path, expected) => {
  expect(addressOf(ORIGIN, path).href).toBe(`${ORIGIN}${expected}`);
});

test.each([
  '',
  'https://example.com/x',
  'HTTP://example.com',
  'file:///etc/passwd',
  'javascript:1',
  '//example.com/x',
  '///example.com',
  '/\\example.com',
  '\\\\example.com',
  'a\\b',
  '/a/../b',
  '..',
  '/..',
  '/./a',
  '/%2e%2e/a',
  '/a/.%2E/b',
  '/%2e',
  '/a%5c..%5cb',
  '/a%0d%0aX: y',
  '/a\r\nX: y',
  '/a b',
  '/a\tb',
  ' /a',
  '/a\u0000',
  '/a\u2028b',
  '/a\u202eb',
  '/a\ud800',
  '/a#b',
])('refused: %j', (path) => {
  expect(() => addressOf(ORIGIN, path)).toThrow(/^The path must/);
});

test('whatever the path, origin and path stay as they are shown', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc
          .array(
            fc.constantFrom(
              '/',
              '.',
              '..',
              '\\',
              '%2e',
              '%2f',
              ':',
              '@',
              '?',
              '#',
              'a',
              '//',
              '\n',
            ),
          )
          .map((parts) => parts.join('')),
      ),
      (path) => {
        let url: URL;
        try {
          url = addressOf(ORIGIN, path);
        } catch (error) {
          expect((error as Error).message).toMatch(/^The path must/);
          return;
        }
        expect(url.origin).toBe(ORIGIN);
        expect(url.username + url.password + url.hash).toBe('');
        const shown = path.startsWith('/') ? path : `/${path}`;
        expect(url.pathname.split('/')).toHaveLength((shown.split('?')[0] ?? '').split('/').length);
      },
    ),
    { numRuns: 2000 },
  );
});

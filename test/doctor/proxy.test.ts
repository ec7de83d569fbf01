import { expect, test } from 'vitest';
import { proxyFinding } from '../../src/doctor/proxy.ts';

const https = 'https://0xhost.com';
const http = 'http://127.0.0.1:8080';
const secret = 'http://user:sekret@proxy.example:3128';
const shown = 'http://proxy.example:3128';
const local = 'http://127.0.0.1:3128';

test.each<[string, string | null, string, Record<string, string>, RegExp]>([
  ['nothing', null, https, {}, /^None, because no variable names one\.$/],
  ['an empty one', null, https, { HTTPS_PROXY: '' }, /^None, because no variable/],
  ['for http', null, https, { HTTP_PROXY: secret }, /^None, because no variable/],
  ['HTTPS_PROXY', shown, https, { HTTPS_PROXY: secret }, / because HTTPS_PROXY names it\.$/],
  ['https_proxy', shown, https, { https_proxy: secret, HTTPS_PROXY: 'x' }, / https_proxy names/],
  ['ALL_PROXY', shown, https, { ALL_PROXY: secret }, / because ALL_PROXY names it\.$/],
  [
    'NO_PROXY',
    null,
    https,
    { HTTPS_PROXY: secret, NO_PROXY: '*' },
    /NO_PROXY exempts it from HTTPS/,
  ],
  ['HTTP_PROXY', local, http, { HTTP_PROXY: local }, / because HTTP_PROXY names it\.$/],
  ['far away', null, http, { HTTP_PROXY: secret }, /HTTP_PROXY is on another machine/],
  ['far away, bare', null, http, { http_proxy: 'proxy.example' }, /http_proxy is on another/],
  [
    'here, but exempt',
    null,
    http,
    { HTTP_PROXY: '127.0.0.1:1', NO_PROXY: '*' },
    /NO_PROXY exempts/,
  ],
  ['no address at all', null, http, { HTTP_PROXY: '::::' }, /HTTP_PROXY is on another machine/],
])('%s', (_name, proxy, origin, env, message) => {
  const found = proxyFinding(proxy, new URL(origin), env);
  expect(found).toMatchObject({ name: 'proxy', status: 'ok' });
  expect(found.message).toMatch(message);
  expect(found.message).not.toContain('sekret');
});

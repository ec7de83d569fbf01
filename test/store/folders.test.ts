import path from 'node:path';
import { expect, test } from 'vitest';
import { configFolder } from '../../src/store/private-files.ts';

const home = path.resolve('/home/example');

test.each<[NodeJS.Platform, Record<string, string>, string]>([
  ['linux', {}, `${home}/.config/oxhost`],
  ['linux', { XDG_CONFIG_HOME: '/settings' }, '/settings/oxhost'],
  ['linux', { XDG_CONFIG_HOME: 'relative' }, `${home}/.config/oxhost`],
  ['linux', { XDG_CONFIG_HOME: '' }, `${home}/.config/oxhost`],
  ['freebsd', { APPDATA: '/roaming' }, `${home}/.config/oxhost`],
  ['darwin', { XDG_CONFIG_HOME: '/settings' }, `${home}/Library/Preferences/oxhost`],
  ['win32', {}, `${home}/AppData/Roaming/oxhost/Config`],
  ['win32', { APPDATA: '/roaming' }, '/roaming/oxhost/Config'],
  ['linux', { OXHOST_CONFIG_DIR: '/own/', XDG_CONFIG_HOME: '/settings' }, '/own'],
  ['darwin', { OXHOST_CONFIG_DIR: '/own' }, '/own'],
  ['win32', { OXHOST_CONFIG_DIR: '/own', APPDATA: '/roaming' }, '/own'],
  ['linux', { OXHOST_CONFIG_DIR: '' }, `${home}/.config/oxhost`],
  ['linux', { OXHOST_CONFIG_DIR: '~/own' }, `${home}/own`],
  ['linux', { OXHOST_CONFIG_DIR: '~' }, home],
  ['win32', { APPDATA: 'relative' }, `${home}/AppData/Roaming/oxhost/Config`],
])('%s with %j keeps its settings in %s', (platform, env, expected) => {
  expect(configFolder({ platform, env, homeFolder: home })).toBe(path.normalize(expected));
});

test.each(['here', './here', '../here', '~else/here'])('%s is refused', (folder) => {
  const env = { OXHOST_CONFIG_DIR: folder };
  expect(() => configFolder({ platform: 'linux', env, homeFolder: home })).toThrow(
    'OXHOST_CONFIG_DIR must be a whole path, or begin with ~/.',
  );
});

test.each([{}, { XDG_CONFIG_HOME: 'relative' }, { OXHOST_CONFIG_DIR: '~/own' }])(
  'without a home and with %j there is none',
  (env) => {
    expect(configFolder({ platform: 'linux', env, homeFolder: null })).toBeNull();
  },
);

test('a folder that is named needs no home', () => {
  const env = { OXHOST_CONFIG_DIR: '/own' };
  expect(configFolder({ platform: 'linux', env, homeFolder: null })).toBe(path.normalize('/own'));
});

import { describe, expect, test } from 'vitest';
import { createStyle, wantsColor } from '../../src/output/style.ts';

const terminal = { isTTY: true };
const pipe = { isTTY: false };

describe('wantsColor', () => {
  test.each([
    ['a terminal', 'auto', {}, terminal, true],
    ['a pipe', 'auto', {}, pipe, false],
    ['a stream that does not say', 'auto', {}, {}, false],
    ['NO_COLOR', 'auto', { NO_COLOR: '1' }, terminal, false],
    ['NO_COLOR of any value', 'auto', { NO_COLOR: '0' }, terminal, false],
    ['NO_COLOR that is empty counts as unset', 'auto', { NO_COLOR: '' }, terminal, true],
    ['NO_COLOR beats FORCE_COLOR', 'auto', { NO_COLOR: '1', FORCE_COLOR: '1' }, terminal, false],
    ['FORCE_COLOR in a pipe', 'auto', { FORCE_COLOR: '1' }, pipe, true],
    ['FORCE_COLOR=true', 'auto', { FORCE_COLOR: 'true' }, pipe, true],
    ['FORCE_COLOR=0', 'auto', { FORCE_COLOR: '0' }, terminal, false],
    ['FORCE_COLOR=false', 'auto', { FORCE_COLOR: 'false' }, terminal, false],
    ['FORCE_COLOR that is empty counts as unset', 'auto', { FORCE_COLOR: '' }, pipe, false],
    ['TERM=dumb', 'auto', { TERM: 'dumb' }, terminal, false],
    ['FORCE_COLOR beats TERM=dumb', 'auto', { TERM: 'dumb', FORCE_COLOR: '1' }, terminal, true],
    ['--color always beats all', 'always', { NO_COLOR: '1', TERM: 'dumb' }, pipe, true],
    ['--color never beats all', 'never', { FORCE_COLOR: '1' }, terminal, false],
  ] as const)('%s', (_what, choice, env, stream, wanted) => {
    expect(wantsColor(choice, env, stream)).toBe(wanted);
  });
});

describe('createStyle', () => {
  test('without colour the text stays as it is', () => {
    const style = createStyle(false);
    for (const paint of Object.values(style)) expect(paint('text')).toBe('text');
  });

  test('with colour each begins and ends its own', () => {
    const { state, ...paints } = createStyle(true);
    expect(['ok', 'text'].map(state)).toEqual(['\u001b[32mok\u001b[39m', 'text']);
    for (const paint of Object.values(paints)) {
      expect(paint('text')).toMatch(/^\u001b\[.*text\u001b\[.*m$/);
    }
  });
});

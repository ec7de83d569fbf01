import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openTerminal, terminalState, thenShowState } from './terminal.ts';

const node = process.execPath;

test('shows what a program draws, as a terminal does', async () => {
  const script = String.raw`printf 'first\nwrong\rright\n\033[31mred\033[0m \303\251   \n'`;
  await using terminal = openTerminal({ command: 'sh', args: ['-c', script] });
  expect(await terminal.exited).toEqual({ exitCode: 0, signal: undefined });
  expect(terminal.screen()).toBe('first\nright\nred é');
  expect(terminal.raw).toContain('wrong\rright');
});

test('keeps what has scrolled off', async () => {
  await using terminal = openTerminal({ command: 'seq', args: ['1', '50'], rows: 5 });
  await terminal.exited;
  expect(terminal.screen()).toBe('47\n48\n49\n50');
  expect(terminal.scrollback().split('\n')).toHaveLength(50);
});

test('the program sees a terminal of that size, and its change', async () => {
  const script = `process.stdout.on('resize', () => console.log('now', process.stdout.columns, process.stdout.rows));
    console.log(process.stdin.isTTY, process.stdout.columns, process.stdout.rows, process.env.TERM, process.env.CI);
    setInterval(() => {}, 1000)`;
  await using terminal = openTerminal({
    command: node,
    args: ['-e', script],
    columns: 60,
    rows: 10,
  });
  await terminal.waitFor('true 60 10 xterm-256color undefined');
  terminal.resize(100, 20);
  await terminal.waitFor('now 100 20');
});

test('a text broken over two lines is found', async () => {
  const args = ['-c', 'printf "a long text in a narrow window"; cat'];
  await using terminal = openTerminal({ command: 'sh', args, columns: 10 });
  await terminal.waitFor('a long text in a narrow window');
  expect(terminal.screen().split('\n')).toHaveLength(3);
});

test('typing is echoed by the kernel until the program switches it off', async () => {
  const script =
    'echo ready; read a; stty -echo; echo off; read b; stty echo; echo "$a+$b"; read c';
  await using terminal = openTerminal({ command: 'sh', args: ['-c', script] });
  await terminal.waitFor('ready');
  expect(terminal.echoIsOn()).toBe(true);
  terminal.type('shown');
  await terminal.waitFor('shown');
  terminal.press('enter');
  await terminal.waitFor('off');
  expect(terminal.echoIsOn()).toBe(false);
  terminal.type('hiddex');
  terminal.press('backspace');
  terminal.type('n');
  expect(terminal.raw).not.toContain('hidd');
  terminal.press('enter');
  await terminal.waitFor('shown+hidden');
  terminal.press('enter');
  await terminal.exited;
  expect(terminal.echoIsOn()).toBeUndefined();
});

test('keys arrive as the bytes that a terminal sends', async () => {
  const script = `process.stdin.setRawMode(true).on('data', d => console.log(JSON.stringify(String(d))));
    console.log('ready')`;
  await using terminal = openTerminal({ command: node, args: ['-e', script] });
  await terminal.waitFor('ready');
  for (const [key, bytes] of [
    ['enter', '"\\r"'],
    ['ctrl-c', '"\\u0003"'],
    ['up', '"\\u001b[A"'],
    ['down', '"\\u001b[B"'],
    ['backspace', '"\x7f"'],
    ['tab', '"\\t"'],
  ] as const) {
    terminal.press(key);
    await expect.poll(() => terminal.raw).toContain(bytes);
  }
});

test('ctrl-c outside raw mode interrupts the program', async () => {
  const args = ['-e', `console.log('ready'); setInterval(() => {}, 1000)`];
  await using terminal = openTerminal({ command: node, args });
  await terminal.waitFor('ready');
  terminal.press('ctrl-c');
  expect(await terminal.exited).toMatchObject({ signal: 2 });
});

test('waitFor fails with the screen in its message', async () => {
  await using terminal = openTerminal({ command: 'sh', args: ['-c', 'echo other; read a'] });
  await terminal.waitFor(/oth.r/g);
  await expect(terminal.waitFor('absent', 0.2)).rejects.toThrow(/0.2 s are over.*\nother/s);
  const waiting = terminal.waitFor('absent');
  terminal.press('enter');
  await expect(waiting).rejects.toThrow('the program has ended with');
});

test('a hidden cursor is noticed, also when the sequence comes in pieces', async () => {
  const script = String.raw`printf '\033[?2'; sleep 0.1; printf '5lhidden'; read a; printf '\033[?25hback'; read b; printf '\033[?25l'`;
  await using terminal = openTerminal({ command: 'sh', args: ['-c', script] });
  expect(terminal.cursorIsVisible()).toBe(true);
  await terminal.waitFor('hidden');
  expect(terminal.cursorIsVisible()).toBe(false);
  terminal.press('enter');
  await terminal.waitFor('back');
  expect(terminal.cursorIsVisible()).toBe(true);
  terminal.press('enter');
  await terminal.exited;
  expect(terminal.cursorIsVisible()).toBe(false);
});

// Node gives a terminal back on every end that it lives to see, so only a kill leaves raw mode on.
test.each([
  ['restores', 'process.stdin.setRawMode(false); process.exit(4)', 4, true],
  ['merely exits', 'process.exit(4)', 4, true],
  ['is killed', `process.kill(process.pid, 'SIGKILL')`, 137, false],
])('after a program in raw mode that %s, the state is seen', async (_what, end, code, cooked) => {
  const script = `process.stdin.setRawMode(true); ${end}`;
  await using terminal = openTerminal(thenShowState(node, ['-e', script]));
  await terminal.waitFor('[end of state]');
  expect(terminal.scrollback()).toContain(`[${code}]`);
  expect(terminalState(terminal.scrollback())).toEqual({
    echo: cooked,
    canonical: cooked,
    signals: cooked,
    columns: 80,
    rows: 24,
  });
});

test('the shell that shows the state outlives a ctrl-c', async () => {
  const args = ['-e', `console.log('ready'); setInterval(() => {}, 1000)`];
  await using terminal = openTerminal(thenShowState(node, args));
  await terminal.waitFor('ready');
  terminal.press('ctrl-c');
  await terminal.waitFor('[end of state]');
  expect(terminal.screen()).toContain('[130]');
  expect(terminalState(terminal.scrollback()).echo).toBe(true);
});

test('terminalState refuses what is no output of stty', () => {
  expect(() => terminalState('echo is not all')).toThrow('no icanon');
});

test('close takes the shell and what it started', async () => {
  const terminal = openTerminal({
    command: 'sh',
    args: ['-c', 'trap "" HUP; sleep 60 & echo "pid $!"; wait'],
  });
  await terminal.waitFor(/pid \d+/);
  const pid = Number(/pid (\d+)/.exec(terminal.screen())?.[1]);
  expect(isRunning(pid)).toBe(true);
  await terminal.close();
  await expect.poll(() => isRunning(pid)).toBe(false);
});

/** An ended process that nobody has asked about yet still has an entry, in state Z. */
function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/**
 * Makes README's picture from a real run: a shell in a pseudo-terminal, the built tool in it, and
 * the sandbox behind it. `node test/recording/record.js` writes oxhost.svg; with `--check` it makes
 * the picture again and compares its last screen with that of the file.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { spawn as openPty } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { animatedSvg } from './svg.js';

const COLUMNS = 80;
const ROWS = 24;
const CLIENTS = 120;
/** Longest pause that the picture shows, in seconds: nobody watches a machine think. */
const LONGEST_PAUSE = 1.4;
const SHORTEST_FRAME = 0.04;

const root = fileURLToPath(new URL('../..', import.meta.url));
const picture = fileURLToPath(new URL('oxhost.svg', import.meta.url));
const launcher = process.env.OXHOST_RECORDED ?? path.join(root, 'bin', 'oxhost.js');

/** What is waited for, and what a person then types. */
const STEPS = [
  [/\$$/, 'oxhost plesk client create'],
  [/Full name/, 'Example Client'],
  [/Login/, 'client1'],
  [/E-mail/, 'client1@example.com'],
  [/Password/, ''],
  [/Company/, ''],
  [/order create[^$]*\$$/, 'clear'],
  [/^\$$/, 'oxhost plesk client import clients.csv --generate-passwords'],
  [/\(y\/N\)|\(Y\/n\)/i, 'y'],
];
const END = /created {2}[^$]*\$$/;

const folder = mkdtempSync(path.join(tmpdir(), 'oxhost-recording-'));
try {
  const made = await record();
  if (process.argv.includes('--check')) {
    const [wanted, got] = [lastScreen(readFileSync(picture, 'utf8')), lastScreen(made)];
    if (wanted !== got) {
      process.stderr.write(
        `The picture's last screen is\n${wanted}\n\nbut a run now ends with\n${got}\n`,
      );
      process.exitCode = 1;
    }
  } else {
    writeFileSync(picture, made);
  }
  process.stdout.write(`${made.length} bytes\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function record() {
  const bin = path.join(folder, 'oxhost');
  symlinkSync(launcher, bin);
  writeFileSync(path.join(folder, 'clients.csv'), clientList());
  const sandbox = spawn(bin, ['sandbox', '--json', '--latency', '80'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = await once(createInterface({ input: sandbox.stdout }), 'line');
  const { url, api_key: key } = JSON.parse(line);
  const shell = openPty('bash', ['--norc', '--noprofile'], {
    cols: COLUMNS,
    rows: ROWS,
    cwd: folder,
    encoding: null,
    env: {
      PATH: `${folder}:${path.dirname(process.execPath)}:/usr/bin:/bin`,
      HOME: folder,
      PS1: '\\[\\e[32m\\]$\\[\\e[0m\\] ',
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
      OXHOST_API_URL: url,
      OXHOST_API_KEY: key,
    },
  });
  try {
    return animatedSvg(await screensOf(shell), {
      columns: COLUMNS,
      rows: ROWS,
      title: 'oxhost creates a client by questions, then imports a list of clients',
    });
  } finally {
    shell.kill('SIGKILL');
    sandbox.kill('SIGTERM');
  }
}

function clientList() {
  const rows = Array.from({ length: CLIENTS }, (_, index) => {
    const number = String(index + 1).padStart(3, '0');
    return `Example Client ${number},shop${number},shop${number}@example.com`;
  });
  return `${['name,login,email', ...rows].join('\n')}\n`;
}

async function screensOf(shell) {
  const size = { cols: COLUMNS, rows: ROWS };
  const emulator = new xterm.Terminal({ ...size, allowProposedApi: true, logLevel: 'off' });
  const screens = [];
  const watchers = new Set();
  let isTyping = false;
  let clock = 0;
  let last = performance.now();
  const take = () => {
    const now = performance.now();
    // A person types at an even pace, whatever this machine does.
    const passed = isTyping ? 0.045 : Math.min(LONGEST_PAUSE, (now - last) / 1000);
    const lines = linesOf(emulator);
    const previous = screens.at(-1);
    if (JSON.stringify(previous?.lines) === JSON.stringify(lines)) return;
    clock += passed;
    last = now;
    if (previous !== undefined && clock - previous.at < SHORTEST_FRAME) previous.lines = lines;
    else screens.push({ at: screens.length === 0 ? 0 : clock, lines });
  };
  shell.onData((data) => {
    emulator.write(data, () => {
      take();
      for (const watcher of watchers) watcher();
    });
  });
  emulator.onData((reply) => shell.write(reply));
  const text = () => linesOf(emulator).map(plain).join('\n').trimEnd();
  const waitFor = (wanted) =>
    new Promise((resolve, reject) => {
      const fail = () => reject(new Error(`${wanted} did not appear:\n${text()}`));
      const timer = setTimeout(fail, 120_000);
      const look = () => {
        if (!wanted.test(text())) return;
        clearTimeout(timer);
        watchers.delete(look);
        resolve();
      };
      watchers.add(look);
      look();
    });
  const type = async (words) => {
    await sleep(400);
    isTyping = true;
    for (const letter of words) {
      shell.write(letter);
      await sleep(30);
    }
    isTyping = false;
    await sleep(250);
    shell.write('\r');
  };

  for (const [wanted, words] of STEPS) {
    await waitFor(wanted);
    await type(words);
  }
  await waitFor(END);
  await sleep(200);
  emulator.dispose();
  return screens;
}

/** Lines as runs of one style; the empty ones at the end are left out. */
function linesOf(emulator) {
  const buffer = emulator.buffer.active;
  return Array.from({ length: ROWS }, (_, row) => {
    const line = buffer.getLine(buffer.baseY + row);
    const runs = [];
    for (let column = 0; column < COLUMNS; column += 1) {
      const cell = line?.getCell(column);
      if (cell === undefined || cell.getWidth() === 0) continue;
      const style = styleOf(cell);
      const text = cell.getChars() || ' ';
      const width = cell.getWidth();
      const previous = runs.at(-1);
      if (previous?.style === style) {
        previous.text += text;
        previous.width += width;
      } else runs.push({ style, text, width });
    }
    const end = runs.at(-1);
    if (end !== undefined) {
      const trimmed = end.text.trimEnd();
      end.width -= end.text.length - trimmed.length;
      end.text = trimmed;
    }
    return runs.filter((run) => run.text !== '');
  });
}

/** The picture's classes for it. */
function styleOf(cell) {
  const color = cell.isFgPalette() ? cell.getFgColor() : 0;
  const names = [cell.isBold() && 'b', cell.isDim() && 'd', color > 0 && `c${color}`];
  return names.filter(Boolean).join(' ');
}

function plain(line) {
  return line.map(({ text }) => text).join('');
}

/** The words of the last screen, less what is new in each run: ids, passwords, times. */
function lastScreen(svg) {
  const groups = svg.match(/<g(?: class="k\d+ z")?>.*?<\/g>/g) ?? [];
  return groups
    .map((group) => [...group.matchAll(/>([^<]+)<\/text>/g)].map(([, words]) => words).join(''))
    .join('\n')
    .replaceAll('\u00a0', ' ')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '<id>')
    .replace(/127\.0\.0\.1:\d+/g, '<address>')
    .replace(/\d+(?:\.\d+)? ?(?:s|\/s|seconds?)\b/g, '<time>')
    .replace(/ {2,}/g, ' ');
}

import { readdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { folderForEachTest } from '../support/folder-for-each-test.ts';
import { startServer } from '../support/server.ts';
import { csvOf, gated, importing, logins } from './files.ts';

const folder = folderForEachTest();

const LEFT = 'stdin-0b6b6f3e-0000-4000-8000-000000000000.spool';

test.each([
  ['of standard input', '-'],
  ['of a file', 'clients.csv'],
])('copies of standard input that a killed run left go with the next run, %s', async (_, input) => {
  await using server = await startServer();
  const list = importing(folder, server.url);
  const text = csvOf(...logins(2));
  await list.write(text);
  await list.run();
  const others = ['stdin-notes.txt', 'mine.spool'];
  for (const name of [LEFT, ...others]) await writeFile(`${list.journal}/${name}`, text);
  const path = input === '-' ? input : folder.join(input);
  expect(await list.runOther(path, ['--format', 'csv'], { stdin: text })).toMatchObject({
    exitCode: 0,
  });
  const spools = (await list.kept()).filter((name) => /spool|stdin/.test(name));
  expect(spools).toEqual(others.toSorted());
});

test('the copy of a run that still goes on stays when another one is refused', async () => {
  const gate = gated();
  await using server = await startServer(gate.handler);
  const list = importing(folder, server.url);
  const options = { stdin: csvOf(...logins(3)) };
  const first = list.runOther('-', ['--concurrency', '1'], options);
  await gate.arrived;
  const second = await list.runOther('-', [], { ...options, seed: 2 });
  expect(second.exitCode).toBe(1);
  const spools = () => readdir(list.journal).then((names) => names.filter((n) => /spool/.test(n)));
  expect(await spools()).toHaveLength(1);
  gate.open();
  expect(await first).toMatchObject({ exitCode: 0 });
  expect(await spools()).toEqual([]);
  expect(server.requests).toHaveLength(3);
});

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runProcess } from '../support/process.ts';
import { builtTool, runsOnNode, toolRuntime } from '../support/tool.ts';

test.runIf(runsOnNode())('the skill file says what commands --json says', async () => {
  const launcher = builtTool();
  const file = path.join(path.dirname(launcher), '../dist/skills/oxhost/SKILL.md');
  const skill = await readFile(file, 'utf8');
  const { stdout } = await runProcess(toolRuntime(), [launcher, 'commands', '--json']);
  const tree = JSON.parse(stdout);
  expect(skill).toMatch(/^---\nname: oxhost\ndescription: [^\n]+\n---\n/);
  const lines = skill.split('\n');
  for (const { command, buys } of tree.commands) {
    const line = lines.find((each) => each.startsWith(`- \`oxhost ${command}`)) ?? '';
    expect([command, line.includes('needs --yes')]).toEqual([command, buys]);
  }
  for (const { code, meaning } of tree.exit_codes) {
    expect(skill).toContain(`| ${code} | ${meaning} |`);
  }
  for (const rule of ['Exit code 8 is never repeated', '`--yes` spends money', 'OXHOST_API_KEY']) {
    expect(skill).toContain(rule);
  }
});

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Writes what a program, or an agent, must know before it runs the tool: from `commands --json`. */
export function writeSkill(tree, folder) {
  mkdirSync(folder, { recursive: true });
  const commands = tree.commands.map((command) => {
    const flags = command.options
      .filter(({ required }) => required)
      .map(({ name, value }) => (value === null ? name : `${name} <${value}>`));
    const operands = command.arguments.map(({ name }) => `<${name}>`);
    const words = ['oxhost', command.command, ...operands, ...flags].join(' ');
    const money = command.buys ? ' **Spends money: needs --yes.**' : '';
    return `- \`${words}\`: ${command.summary.replace(/ \(spends money\)$/, '')}.${money}`;
  });
  const codes = tree.exit_codes.map(({ code, meaning, repeat }) => {
    return `| ${code} | ${meaning} | ${repeat} |`;
  });
  writeFileSync(
    path.join(folder, 'SKILL.md'),
    `---
name: oxhost
description: Create Plesk clients and order hosting at 0xHost from scripts, without creating or paying twice.
---

# oxhost ${tree.version}

- Always give \`--json\` (or \`--get <field>\` for one bare value) and \`--no-input\`: nothing is asked, data is on standard output, and each line of standard error is a JSON object (\`error\`, \`warning\`, \`note\`, \`summary\`).
- **Exit code 8 is never repeated.** It is unknown whether the client or order exists. Stop and let a person look in the panel; \`oxhost history --unknown --json\` lists what is open, and \`oxhost history settle <number> --exists yes|no\` is the person's word.
- **\`--yes\` spends money** with what buys. Give it only when a person has agreed to this very purchase.
- Secrets come by standard input, a file or the environment (\`OXHOST_API_KEY\`, \`--password-stdin\`, \`--password-file\`, \`OXHOST_CLIENT_PASSWORD\`), never on the command line. Prefer \`--generate-password --password-out <file>\`, and do not print the file.
- Only exit codes whose last column says so may be repeated as they are. \`error.retry\` says the same: \`no\`, \`after_fix\`, \`safe\`, \`check_first\`.
- Try everything with \`--sandbox\` first; \`--dry-run\` shows the request and sends nothing.
- An id is shown once and cannot be asked for again: keep it, or find it in \`oxhost history --json\`.
- \`oxhost commands --json\` describes every option; \`oxhost help <topic>\` explains the rest.

## Commands

${commands.join('\n')}

## Exit codes

| code | meaning | give the same command again? |
| ---- | ------- | ---------------------------- |
${codes.join('\n')}
`,
  );
}

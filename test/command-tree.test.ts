import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import type { DescribedCommand } from '../src/commands/options.ts';
import { VARIABLES } from '../src/help/reference.ts';
import { ROWS, type Row } from '../src/program.ts';

async function operationOf({ path, load }: Row) {
  const command: DescribedCommand = new Command(path);
  const loaded = await load?.(async () => command);
  loaded?.register(command, () => {});
  return { operation: command.operation, flags: command.options.map(({ long }) => long) };
}

const leaves = ROWS.filter(({ load }) => load !== undefined);
const found = await Promise.all(
  leaves.map(async (leaf) => ({ path: leaf.path, leaf, ...(await operationOf(leaf)) })),
);
const operations = found.flatMap(({ operation, ...rest }) =>
  operation === undefined ? [] : [{ ...rest, operation }],
);

test('nine commands are operations', () => {
  expect(operations).toHaveLength(9);
});

describe.each(operations)('$path', ({ leaf, operation }) => {
  test('the tree says of it what its operation does', () => {
    const isCreated = operation.effect === 'create' || operation.effect === 'buy';
    expect(leaf.creates).toBe(isCreated);
    expect(leaf.summary.includes('(spends money)')).toBe(operation.effect === 'buy');
  });

  test('the variable of its secret is documented, and no two share one', () => {
    const names = VARIABLES.map(({ name }) => name);
    for (const { secret, variable } of operation.fields) {
      expect(secret).toBe(variable !== undefined);
      if (variable !== undefined) expect(names).toContain(variable);
    }
    const all = operations.flatMap((one) => one.operation.fields.map(({ variable }) => variable));
    const used = all.filter((variable) => variable !== undefined);
    expect(new Set(used).size).toBe(used.length);
  });
});

test('what is no operation creates only by importing', () => {
  const others = found.filter(({ operation }) => operation === undefined);
  expect(others.filter(({ leaf }) => leaf.creates).map(({ path }) => path)).toEqual([
    'plesk client import',
  ]);
});

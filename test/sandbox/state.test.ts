import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { SandboxState } from '../../src/sandbox/state.ts';

test('an order for exactly the balance is paid; one cent more is not', () => {
  const state = new SandboxState({ randomUUID, now: () => new Date('2026-01-02T03:04:05Z') });
  expect(state.placeOrder(state.balance + 1, 'balance')).toBeUndefined();
  expect(state.balance).toBe(100_00);
  expect(state.placeOrder(state.balance, 'balance')).toMatchObject({ status: 'completed' });
  expect(state.balance).toBe(0);
  expect(state.placeOrder(1, 'balance')).toBeUndefined();
  expect(state.placeOrder(1, 'crypto')).toMatchObject({ status: 'pending' });
});

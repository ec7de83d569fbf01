import { describe, expect, test } from 'vitest';
import { Gate } from '../../../src/import/engine/gate.ts';

/** A gate on a clock that jumps to wherever somebody sleeps to. */
function startGate(limits: { rate?: number; maxWaitSeconds?: number; retries?: number } = {}) {
  let now = 1_000;
  let onWaking = () => {};
  const pauses: number[] = [];
  const gate = new Gate({
    concurrency: 1,
    rate: null,
    maxWaitSeconds: 60,
    retries: 2,
    ...limits,
    onPause: (seconds) => void pauses.push(seconds),
    system: {
      now: () => new Date(0),
      monotonic: () => now,
      sleep: async (milliseconds) => {
        now += milliseconds;
        const wake = onWaking;
        onWaking = () => {};
        wake();
      },
      random: () => 0.5,
      randomInteger: () => 0,
    },
  });
  const { signal } = new AbortController();
  return {
    gate,
    pauses,
    now: () => now,
    elapse(seconds: number) {
      now += seconds * 1000;
    },
    /** At the end of the next sleep. */
    onceAwake(action: () => void) {
      onWaking = action;
    },
    /** Seconds that passing takes. */
    async pass() {
      const began = now;
      expect(await gate.pass(signal)).toBe(true);
      return (now - began) / 1000;
    },
  };
}

describe('a wait that the server asks for', () => {
  test.each([
    ['named', 7, 7],
    ['not named', null, 1],
    ['shorter than a second', 0.2, 1],
  ])('%s', async (_name, asked, expected) => {
    const { gate, now, elapse, pass, pauses } = startGate();
    const sentAt = now();
    elapse(0.1);
    expect(gate.throttled(sentAt, asked)).toBe(true);
    expect(pauses).toEqual([expected]);
    expect(await pass()).toBe(expected);
    expect(await pass()).toBe(0);
  });

  test('grows while the server names none, and begins anew after another answer', async () => {
    const { gate, now, elapse, pass } = startGate();
    const waits: number[] = [];
    for (let time = 0; time < 6; time += 1) {
      if (time === 4) gate.answered();
      const sentAt = now();
      elapse(0.1);
      gate.throttled(sentAt, null);
      waits.push(await pass());
    }
    expect(waits).toEqual([1, 2, 4, 8, 1, 2]);
  });

  test('counts once for requests that were out together', async () => {
    const { gate, now, elapse, pass, pauses } = startGate({ maxWaitSeconds: 12 });
    const sentAt = now();
    elapse(0.1);
    expect(gate.throttled(sentAt, 5)).toBe(true);
    elapse(0.4);
    expect(gate.throttled(sentAt, 5)).toBe(true);
    expect(gate.throttled(sentAt, 10)).toBe(true);
    expect(pauses).toEqual([5]);
    expect(await pass()).toBe(4.6);
    const later = now();
    elapse(0.1);
    expect(gate.throttled(later, 8)).toBe(false);
  });

  test('is allowed anew once a request was handled that left after it', async () => {
    const { gate, now, elapse, pass } = startGate({ maxWaitSeconds: 60 });
    const throttle = async () => {
      const sentAt = now();
      elapse(0.1);
      const allowed = gate.throttled(sentAt, 40);
      if (allowed) await pass();
      return allowed;
    };
    const before = now();
    for (let time = 0; time < 5; time += 1) {
      expect(await throttle()).toBe(true);
      elapse(0.1);
      gate.answered(now());
    }
    expect(await throttle()).toBe(true);
    // Neither what left before the pause nor what was lost says that it was long enough.
    gate.answered(before);
    gate.answered(now(), false);
    expect(await throttle()).toBe(false);
  });

  test.each([
    [60, [true, false]],
    [30, [true, true, false]],
    [61, [false]],
    [1e9, [false]],
  ])('of %d seconds at a time is allowed 60 in all', async (asked, expected) => {
    const { gate, now, elapse, pass } = startGate();
    for (const allowed of expected) {
      const sentAt = now();
      elapse(0.1);
      expect(gate.throttled(sentAt, asked)).toBe(allowed);
      if (allowed) await pass();
    }
  });
});

test('what cannot be sent is tried again so many times in a row, whoever failed', async () => {
  const { gate, now, elapse, pass } = startGate();
  const fail = () => {
    const sentAt = now();
    elapse(0.01);
    const results = [gate.notSent(sentAt), gate.notSent(sentAt), gate.notSent(sentAt)];
    return results;
  };
  expect(fail()).toEqual([true, true, true]);
  expect(await pass()).toBe(0.25);
  expect(fail()).toEqual([true, true, true]);
  expect(await pass()).toBe(0.5);
  gate.answered();
  expect(fail()).toEqual([true, true, true]);
  await pass();
  expect(fail()[0]).toBe(true);
  await pass();
  expect(fail()[0]).toBe(false);
});

test('a rate spreads requests evenly, without a burst after a quiet time', async () => {
  const { pass, elapse, gate, now } = startGate({ rate: 4 });
  expect([await pass(), await pass(), await pass()]).toEqual([0, 0.25, 0.25]);
  elapse(10);
  expect([await pass(), await pass()]).toEqual([0, 0.25]);
  const sentAt = now();
  elapse(0.1);
  gate.throttled(sentAt, 3);
  expect(await pass()).toBe(3);
  expect(await pass()).toBe(0.25);
});

test('a pause that begins while somebody waits for a turn, or for the end of a pause, holds it too', async () => {
  const { gate, pass, now, elapse, onceAwake } = startGate({ rate: 1 });
  await pass();
  const sentAt = now();
  elapse(0.1);
  onceAwake(() => gate.throttled(sentAt, 7));
  expect(await pass()).toBeCloseTo(0.9 + 7, 6);
  const later = now();
  elapse(0.1);
  gate.throttled(later, 2);
  expect(gate.isPaused).toBe(true);
  onceAwake(() => gate.throttled(now() - 1, 5));
  expect(await pass()).toBe(2 + 5);
  expect(gate.isPaused).toBe(false);
});

test('nobody passes a run that is to end', async () => {
  const { gate } = startGate();
  const halt = new AbortController();
  halt.abort();
  expect(await gate.pass(halt.signal)).toBe(false);
  expect(await gate.rest(halt.signal)).toBe(false);
});

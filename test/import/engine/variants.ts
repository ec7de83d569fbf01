import type { ApiClient, Settled } from '../../../src/api/client.ts';
import type { EngineJournal } from '../../../src/import/engine/attempt.ts';
import type { Journal, NewIntent } from '../../../src/import/journal/journal.ts';
import { functionsOf } from './scene.ts';

/** Engines with one promise taken out, to see that the proofs notice it. */
export type Variant =
  | 'whole'
  | 'no-intents'
  | 'hasty'
  | 'naive-retries'
  | 'passwords-in-memory'
  | 'unknown-as-not-sent';

export function journalOf(variant: Variant, journal: Journal): EngineJournal {
  const whole = functionsOf(journal);
  switch (variant) {
    case 'hasty':
      return hasty(whole);
    case 'no-intents':
      return withoutIntents(whole);
    case 'passwords-in-memory':
      return changed(whole, {
        intend: ({ generated_password: _password, ...rest }) => whole.intend(rest),
      });
    case 'unknown-as-not-sent':
      return withoutUnknown(whole);
    default:
      return whole;
  }
}

/** Sends without waiting for the disk. */
function hasty(whole: EngineJournal): EngineJournal {
  const underWay = new Map<string, Promise<void>>();
  return changed(whole, {
    async intend(intent) {
      underWay.set(intent.login, whole.intend(intent));
    },
    async settle(outcome) {
      await underWay.get(outcome.login);
      await whole.settle(outcome);
    },
  });
}

/** Writes what was sent only once it is answered. */
function withoutIntents(whole: EngineJournal): EngineJournal {
  const held = new Map<string, NewIntent>();
  return changed(whole, {
    async intend(intent) {
      held.set(intent.login, intent);
    },
    async settle(outcome) {
      const intent = held.get(outcome.login);
      if (intent !== undefined) await whole.intend(intent);
      await whole.settle(outcome);
    },
  });
}

/** Takes what got no usable answer for not sent. */
function withoutUnknown(whole: EngineJournal): EngineJournal {
  return changed(whole, {
    async settle(outcome) {
      const status = outcome.status === 'unknown' ? 'not_sent' : outcome.status;
      await whole.settle({ ...outcome, status });
    },
  });
}

function changed(whole: EngineJournal, changes: Partial<EngineJournal>): EngineJournal {
  return Object.create(whole, Object.getOwnPropertyDescriptors(changes)) as EngineJournal;
}

/** Repeats whatever went wrong, as loops around curl do. */
export function clientOf(variant: Variant, client: ApiClient): ApiClient {
  if (variant !== 'naive-retries') return client;
  return {
    ...client,
    async call(...call) {
      let settled: Settled;
      let left = 3;
      do {
        settled = await client.call(...call);
        left -= 1;
      } while (settled.outcome.class === 'unknown' && left > 0);
      return settled;
    },
  };
}

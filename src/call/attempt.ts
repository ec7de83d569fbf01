import type { JsonObject, Operation } from '../api/operation.ts';
import type { PendingRecord } from '../store/pending.ts';
import type { GatheredCall } from './fields.ts';

/** One call that must not happen twice, and what its command says beside it. */
export interface Attempt {
  operation: Operation;
  call: GatheredCall;
  /** Sends even what an earlier attempt may have bought already. */
  retriesUnknown?: boolean;
  /** Asks the person once more, when all that is known has been said. */
  confirm?: () => Promise<void>;
  /** What to do next, and why. */
  notes?: (result: JsonObject) => readonly NextStep[];
}

/** A note after the result. */
export interface NextStep {
  code: string;
  message: string;
  /** To be copied: it follows the message. */
  command?: string;
}

/** The secret that was sent, or nothing. */
export function passwordOf({ operation, call }: Attempt): string {
  const field = operation.fields.find(({ secret }) => secret);
  return field === undefined ? '' : (call.values[field.name] ?? '');
}

/** Name of a generated password in the result: `generated_ftp_password`. */
export function generatedName({ fields }: Operation): string {
  return `generated_${fields.find(({ secret }) => secret)?.name ?? 'password'}`;
}

/** Where a generated password is, other than in the result. */
export function passwordPlace({ call }: Attempt, record: PendingRecord | null): string | null {
  if (!call.passwordIsGenerated) return null;
  return call.passwordOut ?? record?.file ?? null;
}

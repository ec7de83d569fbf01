import type { JsonObject } from '../../../api/operation.ts';
import { createClient } from '../../../api/operations/clients.ts';
import type { NextStep } from '../../../call/record.ts';
import { shellWord } from '../../../output/text.ts';
import { registerOperation } from '../../operation.ts';

export const register = registerOperation(createClient, {
  force: 'send an e-mail address or password even if it looks wrong',
  next: nextStep,
  notes: `At a terminal, what is missing is asked for, and Enter on the empty password
generates one. In a pipe, in CI and with --json nothing is asked: one error
names all that is missing.`,
  examples: [
    'oxhost plesk client create',
    `oxhost plesk client create --name "Example Client" --login client1 --email client1@example.com --generate-password`,
    `pass show client1 | oxhost plesk client create --password-stdin --json --name "Example Client" --login client1 --email client1@example.com | jq -r .id`,
  ],
});

/** A client without hosting cannot log in. */
function nextStep(
  { id, plesk_client_id: pleskId }: JsonObject,
  platform: NodeJS.Platform,
): NextStep[] {
  const message = 'The client cannot log in before it has hosting. Order that next:';
  const command = `oxhost plesk order create --client ${shellWord(String(id ?? pleskId), platform)}`;
  return [{ code: 'next_step', message, command }];
}

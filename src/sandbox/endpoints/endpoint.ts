import { type Answer, invalidFields } from '../answers.ts';
import type { SandboxState } from '../state.ts';
import { checkFields, type Fields, type Input } from '../validation.ts';

/** How the values of a request travel. */
export type Encoding = 'json' | 'form' | 'query';

/** One documented operation, as the sandbox serves it. */
export interface Endpoint {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly encoding: Encoding;
  /** Checks the values sent and does what is asked; refusals are answers too. */
  readonly answer: (state: SandboxState, sent: ReadonlyMap<string, unknown>) => Answer;
}

interface Definition<F extends Fields> {
  readonly method: Endpoint['method'];
  readonly path: string;
  readonly encoding: Encoding;
  readonly fields: F;
  readonly run: (state: SandboxState, input: Input<F>) => Answer;
}

/** Puts the check of the fields in front of what an operation does. */
export function defineEndpoint<F extends Fields>(definition: Definition<F>): Endpoint {
  const { method, path, encoding, fields, run } = definition;
  return {
    method,
    path,
    encoding,
    answer: (state, sent) => {
      const checked = checkFields(fields, sent);
      return 'errors' in checked ? invalidFields(checked.errors) : run(state, checked.input);
    },
  };
}

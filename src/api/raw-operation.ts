import type { Method } from './methods.ts';
import type { Operation } from './operation.ts';

/** Nothing is known of the call but whether its method only reads (RFC 9110 section 9.2.1). */
export function rawOperation(method: Method): Operation {
  return {
    words: {
      subject: 'the call',
      verb: 'make',
      done: 'carried out',
      doubt: 'what it asked for may or may not have been done',
      activity: 'Calling',
    },
    method: method === 'GET' ? 'GET' : 'POST',
    path: '/',
    encoding: 'json',
    effect: method === 'GET' || method === 'HEAD' ? 'read' : 'change',
    fields: [],
    resultFields: [],
    accept: () => ({ ok: true, result: {}, warnings: [] }),
  };
}

import { describe, expect, onTestFinished, test } from 'vitest';
import { createApiClient } from '../../src/api/client.ts';
import type { JsonObject, Operation } from '../../src/api/operation.ts';
import { createInvoice, setNotification } from '../../src/api/operations/account.ts';
import { createClient } from '../../src/api/operations/clients.ts';
import { checkDomain, orderDomain } from '../../src/api/operations/domains.ts';
import {
  createOrder,
  orderStorage,
  renewOrder,
  showSubscription,
} from '../../src/api/operations/hosting.ts';
import { answer, startServer } from '../support/server.ts';
import { type DocumentedExample, documentedExamples } from './examples.ts';

type Name = keyof typeof documentedExamples;

interface Case {
  operation: Operation;
  /** What completes a request that the page shows in part; texts, as people give them. */
  supplied?: Record<string, string>;
  /** The bytes of body or query. */
  sent: string;
  /** What the command gives for the documented answer. */
  result: unknown;
}

const docs = documentedExamples;
const order = { type_payment: 'balance' };

const CASES: Record<Name, Case> = {
  createClient: {
    operation: createClient,
    sent: JSON.stringify(docs.createClient.request),
    result: docs.createClient.answer.data,
  },
  createPleskOrder: {
    operation: createOrder,
    supplied: {
      plan_id: 'plan-1',
      client_id: 'client-1',
      domain_name: 'example.com',
      ftp_login: 'example_ftp',
      ftp_password: 'not-a-real-secret',
      subscription_duration: '3',
      ...order,
    },
    sent: '{"plan_id":"plan-1","client_id":"client-1","domain_name":"example.com","ftp_login":"example_ftp","ftp_password":"not-a-real-secret","subscription_duration":3,"type_payment":"balance"}',
    result: less(docs.createPleskOrder.answer),
  },
  renewPleskOrder: {
    operation: renewOrder,
    supplied: { new_plan_id: 'plan-2', months: '3', ...order },
    sent: '{"subscription_id":"sub123-4567-8901-2345-678901234567","new_plan_id":"plan-2","months":3,"type_payment":"balance"}',
    result: less(docs.renewPleskOrder.answer),
  },
  showSubscription: {
    operation: showSubscription,
    sent: 'id=sub123-4567-8901-2345-678901234567',
    result: less(docs.showSubscription.answer),
  },
  createStorageOrder: {
    operation: orderStorage,
    supplied: {
      user_id: 'user_id',
      plan_id: 'plan-1',
      os_image_id: 'image-1',
      rental_duration: '720',
      password: 'not-a-real-secret',
      ...order,
      auto_renew: '0',
      versions: 'debian-13',
      add_extra: '1',
    },
    sent: '{"user_id":"user_id","plan_id":"plan-1","os_image_id":"image-1","rental_duration":720,"password":"not-a-real-secret","type_payment":"balance","auto_renew":0,"versions":"debian-13","add_extra":"1"}',
    result: less(docs.createStorageOrder.answer),
  },
  createDomainOrder: {
    operation: orderDomain,
    sent: 'user_id=user_id&domain_name=yourdomain.com&password=randompassword&domain_suffix=com&vyear=1',
    result: { ...docs.createDomainOrder.answer.data, domain: null },
  },
  createInvoice: {
    operation: createInvoice,
    supplied: {
      order_id: docs.createInvoice.answer.data.order_id,
      currency: 'EUR',
      pay_currency: 'ETH',
      network: 'Ethereum',
    },
    sent: '{"user_id":"user_id","order_id":"594948ab-bb26-11f0-8cae-525400792197","currency":"EUR","pay_currency":"ETH","network":"Ethereum"}',
    result: {
      ...docs.createInvoice.answer.data,
      transaction: docs.createInvoice.answer.transaction,
    },
  },
  checkDomain: {
    operation: checkDomain,
    // The example has the JSON text of the array that the table asks for.
    sent: '{"query":"exampledomain","suffixes":["io","com","net"]}',
    result: docs.checkDomain.answer.data,
  },
  setNotification: {
    operation: setNotification,
    // The example has "3" where the table asks for an integer.
    sent: '{"user_id":"user_id","preferences":"email","days":3}',
    result: docs.setNotification.answer.data,
  },
};

function less(documented: object): JsonObject {
  const { success: _success, message: _message, ...rest } = documented as JsonObject;
  return rest;
}

const TYPES = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  query: undefined,
};

async function callWith(operation: Operation, values: JsonObject, body: object) {
  await using server = await startServer(answer(200, body));
  const client = await createApiClient({
    origin: server.url,
    key: 'test-key-0123456789',
    userAgent: 'oxhost/0.0.0-test',
    timeoutSeconds: 5,
    limits: { retries: 0, maxWaitSeconds: 0 },
    concurrency: 1,
    trace: null,
    clock: { now: () => new Date(), random: () => 0, sleep: async () => {} },
  });
  onTestFinished(() => client.close());
  const { signal } = new AbortController();
  const { outcome } = await client.call(operation, values, { signal });
  return { outcome, requests: server.requests };
}

const names = Object.keys(CASES) as Name[];

describe.each(names)('%s', (name) => {
  const documented: DocumentedExample = documentedExamples[name];
  const { operation, supplied, sent, result } = CASES[name];
  const values = { ...documented.request, ...supplied };

  test('has the documented method, path, encoding and parameters, in their order', () => {
    const { method, path, encoding, parameters } = documented;
    expect(operation).toMatchObject({ method, path, encoding });
    expect(operation.fields.map((field) => field.name)).toEqual(parameters.map((p) => p.name));
    expect(operation.fields.map((field) => field.required)).toEqual(
      parameters.map((p) => p.required),
    );
  });

  test('the documented request, byte for byte, and what its answer comes to', async () => {
    const { outcome, requests } = await callWith(operation, values, documented.answer);
    expect(requests).toHaveLength(1);
    const [request] = requests;
    const isQuery = documented.encoding === 'query';
    expect(request).toMatchObject({
      method: documented.method,
      path: isQuery ? `${documented.path}?${sent}` : documented.path,
      body: isQuery ? '' : sent,
    });
    expect(request?.headers['content-type']).toBe(TYPES[documented.encoding]);
    expect(request?.headers['x-api-key']).toBe('test-key-0123456789');
    // Of the three suffixes that its example asks for, the reference's own answer has two.
    const warnings = name === 'checkDomain' ? [{ code: 'not_answered' }] : [];
    expect(outcome).toMatchObject({ class: 'done', warnings });
    const given = outcome.class === 'done' ? (outcome.rows ?? outcome.result) : null;
    expect(given).toEqual(result);
  });

  test('names the fields of the documented result', () => {
    const one = Array.isArray(result) ? result[0] : result;
    expect(operation.resultFields).toEqual(Object.keys(one as object));
  });

  test('what the answer has besides the documented fields is kept', async () => {
    const more = addTo(documented.answer);
    const { outcome } = await callWith(operation, values, more);
    const given = outcome.class === 'done' ? (outcome.rows ?? outcome.result) : null;
    expect(JSON.stringify(given)).toContain('"further":["kept"]');
  });

  test.each([
    ['only success', { success: true }],
    ['the data of another kind', { success: true, data: 'Array', order: 'Array', orders: {} }],
    ['no success', less(documented.answer)],
  ])(
    'an answer that proves nothing leaves a creation or purchase unknown: %s',
    async (_what, body) => {
      const { outcome } = await callWith(operation, values, body);
      const isMade = operation.effect === 'create' || operation.effect === 'buy';
      if (isMade) expect(outcome).toMatchObject({ class: 'unknown', reply: { status: 200 } });
      else if (operation.effect === 'read') expect(outcome.class).toBe('done');
    },
  );
});

/** A further member in the result, wherever this answer has it. */
function addTo(documented: object): object {
  const whole = documented as JsonObject;
  const further = { further: ['kept'] };
  const { data } = whole;
  if (data === undefined) return { ...whole, ...further };
  return Array.isArray(data)
    ? { ...whole, data: data.map((row) => ({ ...row, ...further })) }
    : { ...whole, data: { ...(data as object), ...further } };
}

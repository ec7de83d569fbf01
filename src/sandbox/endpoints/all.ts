import { createClient } from './clients.ts';
import { checkDomain, createDomainOrder } from './domains.ts';
import type { Endpoint } from './endpoint.ts';
import { createPleskOrder, renewPleskOrder, showSubscription } from './hosting.ts';
import { createInvoice } from './invoices.ts';
import { setNotification } from './notifications.ts';
import { createStorageOrder } from './storage.ts';

/** The operations that the API reference documents for 0xhost.com. */
export const endpoints: readonly Endpoint[] = [
  createClient,
  createPleskOrder,
  renewPleskOrder,
  showSubscription,
  createStorageOrder,
  createDomainOrder,
  createInvoice,
  checkDomain,
  setNotification,
];

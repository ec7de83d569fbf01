import { currency, refuse } from './answers.ts';

/** Amounts are counted in whole cents, so that no rounding error can creep in. */
export type Cents = number;

/** Cents as the API writes money: a decimal text such as `9.99`. */
export function money(cents: Cents): string {
  return (cents / 100).toFixed(2);
}

/** `YYYY-MM-DD HH:MM:SS`, the form of the API reference. */
export function timeText(time: Date): string {
  return time.toISOString().slice(0, 19).replace('T', ' ');
}

export type Client = Readonly<Record<'id' | 'pleskClientId' | 'name', string>>;

export interface Order {
  readonly id: string;
  /** In the documented form, such as `PLK_20250320_123456`. */
  readonly number: string;
  readonly status: 'completed' | 'pending';
  readonly amount: Cents;
  readonly createdAt: Date;
}

export interface Subscription {
  readonly id: string;
  readonly client: Client;
  readonly domainName: string;
  readonly ftpLogin: string;
  planId: string;
  planName: string;
  expiresAt: Date;
  /** The first order and then the renewals. */
  readonly orders: [Order, ...Order[]];
}

/** Where ids and the time come from. */
export interface Sources {
  readonly randomUUID: () => string;
  readonly now: () => Date;
}

/** The account behind the key: everything that the sandbox remembers, in memory only. */
export class SandboxState {
  readonly sources: Sources;
  readonly clients = new Map<string, Client>();
  readonly orders = new Map<string, Order>();
  readonly subscriptions = new Map<string, Subscription>();
  /** In small letters. */
  readonly domains = new Set<string>();
  readonly #logins = new Set<string>();
  balance: Cents = 100_00;
  #lastNumber = 0;

  constructor(sources: Sources) {
    this.sources = sources;
  }

  /** A number that was not given before. */
  nextNumber(): number {
    this.#lastNumber += 1;
    return this.#lastNumber;
  }

  /** Stores a client; its login must be new. */
  addClient(login: string, name: string): Client {
    const taken = `A client with the login ${login} already exists`;
    if (this.#logins.has(login)) refuse(409, taken, { login: [taken] });
    const id = this.sources.randomUUID();
    const client = { id, pleskClientId: String(this.nextNumber()), name };
    this.#logins.add(login);
    this.clients.set(id, client);
    return client;
  }

  /** Stores an order and takes its price from the balance, unless it is still to be paid. */
  placeOrder(prefix: string, amount: Cents, payment: string): Order {
    const isPaid = payment === 'balance';
    if (isPaid && amount > this.balance) {
      const [price, rest] = [amount, this.balance].map((cents) => `${money(cents)} ${currency}`);
      refuse(402, `Insufficient balance: ${price} needed, ${rest} available`);
    }
    if (isPaid) this.balance -= amount;
    const createdAt = this.sources.now();
    const date = timeText(createdAt).slice(0, 10).replaceAll('-', '');
    const order: Order = {
      id: this.sources.randomUUID(),
      number: `${prefix}_${date}_${String(this.nextNumber()).padStart(6, '0')}`,
      status: isPaid ? 'completed' : 'pending',
      amount,
      createdAt,
    };
    this.orders.set(order.id, order);
    return order;
  }
}

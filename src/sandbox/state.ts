import type { Cents } from './money.ts';
import { addMonths, type WallTime, wallTime } from './times.ts';

export type Payment = 'balance' | 'crypto';

export interface Client {
  readonly id: string;
  readonly pleskClientId: string;
  readonly name: string;
  readonly login: string;
  readonly email: string;
  readonly company: string | undefined;
}

export interface Order {
  readonly id: string;
  /** A number that no other order of this sandbox has, counted from 1. */
  readonly sequence: number;
  readonly status: 'completed' | 'pending';
  readonly amount: Cents;
  readonly createdAt: WallTime;
}

export interface Subscription {
  readonly id: string;
  readonly client: Client;
  readonly domainName: string;
  readonly ftpLogin: string;
  readonly planId: string;
  readonly planName: string;
  readonly status: 'active' | 'pending';
  readonly price: Cents;
  readonly createdAt: WallTime;
  readonly expiresAt: WallTime;
  /** The first order and then the renewals, with the prefixes of their order numbers. */
  readonly orders: readonly { readonly prefix: string; readonly order: Order }[];
}

/** Where identifiers and the time come from. */
export interface StateSources {
  readonly randomUUID: () => string;
  readonly now: () => Date;
}

const openingBalance: Cents = 100_00;

/** The account behind the key: everything that the sandbox remembers, in memory only. */
export class SandboxState {
  readonly sources: StateSources;
  readonly #logins = new Set<string>();
  readonly #clients = new Map<string, Client>();
  readonly #orders = new Map<string, Order>();
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #domains = new Set<string>();
  #balance: Cents = openingBalance;
  #lastNumber = 0;

  constructor(sources: StateSources) {
    this.sources = sources;
  }

  get balance(): Cents {
    return this.#balance;
  }

  /** A number that was not given before. */
  nextNumber(): number {
    this.#lastNumber += 1;
    return this.#lastNumber;
  }

  /** Stores a client; `undefined` when its login is taken. */
  addClient(details: Omit<Client, 'id' | 'pleskClientId'>): Client | undefined {
    if (this.#logins.has(details.login)) {
      return undefined;
    }
    const client: Client = {
      id: this.sources.randomUUID(),
      pleskClientId: String(this.nextNumber()),
      ...details,
    };
    this.#logins.add(client.login);
    this.#clients.set(client.id, client);
    return client;
  }

  client(id: string): Client | undefined {
    return this.#clients.get(id);
  }

  order(id: string): Order | undefined {
    return this.#orders.get(id);
  }

  subscription(id: string): Subscription | undefined {
    return this.#subscriptions.get(id);
  }

  /** Stores an order and takes its price from the balance; `undefined` when that is too low. */
  placeOrder(amount: Cents, payment: Payment): Order | undefined {
    if (payment === 'crypto') {
      return this.placePendingOrder(amount);
    }
    if (amount > this.#balance) {
      return undefined;
    }
    this.#balance -= amount;
    return this.#storeOrder(amount, 'completed');
  }

  /** Stores an order that is still to be paid. */
  placePendingOrder(amount: Cents): Order {
    return this.#storeOrder(amount, 'pending');
  }

  #storeOrder(amount: Cents, status: Order['status']): Order {
    const order: Order = {
      id: this.sources.randomUUID(),
      sequence: this.nextNumber(),
      status,
      amount,
      createdAt: wallTime(this.sources.now()),
    };
    this.#orders.set(order.id, order);
    return order;
  }

  /** Stores what an order for hosting brings. */
  addSubscription(
    order: Order,
    prefix: string,
    months: number,
    details: Pick<
      Subscription,
      'client' | 'domainName' | 'ftpLogin' | 'planId' | 'planName' | 'price'
    >,
  ): Subscription {
    const subscription: Subscription = {
      ...details,
      id: this.sources.randomUUID(),
      status: order.status === 'completed' ? 'active' : 'pending',
      createdAt: order.createdAt,
      expiresAt: addMonths(order.createdAt, months),
      orders: [{ prefix, order }],
    };
    this.#subscriptions.set(subscription.id, subscription);
    return subscription;
  }

  /** Adds a renewal to its subscription, which it changes once the order is paid. */
  renewSubscription(
    subscription: Subscription,
    order: Order,
    prefix: string,
    changes: Pick<Subscription, 'expiresAt' | 'planId' | 'planName'>,
  ): void {
    this.#subscriptions.set(subscription.id, {
      ...subscription,
      ...(order.status === 'completed' ? changes : {}),
      orders: [...subscription.orders, { prefix, order }],
    });
  }

  addDomain(name: string): void {
    this.#domains.add(name.toLowerCase());
  }

  hasDomain(name: string): boolean {
    return this.#domains.has(name.toLowerCase());
  }
}

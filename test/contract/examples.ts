/** What JSON can hold. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json };

/** One documented operation with what its page shows. */
export interface DocumentedExample {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly encoding: 'json' | 'form' | 'query';
  /** The documented parameters; `required` as the parameter table has it. */
  readonly parameters: readonly { readonly name: string; readonly required: boolean }[];
  /** The values of the example request; null where the copy of the page had none. */
  readonly request: Readonly<Record<string, string>> | null;
  /** False where only the beginning of the example request could be read. */
  readonly requestIsWhole: boolean;
  readonly answer: { readonly [name: string]: Json };
}

/** From names with a * behind those that the parameter table marks as required. */
function parametersOf(names: string) {
  return names.split(' ').map((name) => ({
    ...{ name: name.replace('*', ''), required: name.endsWith('*') },
  }));
}

/*
 * The examples of the API reference for 0xhost.com, as data. The pages hide the e-mail address, so
 * client@example.com stands in its place; the passwords are those that the pages print.
 */
export const documentedExamples = {
  createClient: {
    ...{ method: 'POST', path: '/API/plesk/clients/create', encoding: 'json' },
    parameters: parametersOf('name* login* email* password* company'),
    request: {
      name: 'John Doe',
      login: 'johndoe',
      email: 'client@example.com',
      password: 'SecurePass123',
      company: 'ACME Corp',
    },
    requestIsWhole: true,
    answer: {
      success: true,
      message: 'Client created successfully',
      data: {
        id: 'client123-4567-8901-2345-678901234567',
        plesk_client_id: '123',
        name: 'John Doe',
        login: 'johndoe',
        email: 'client@example.com',
        company: 'ACME Corp',
      },
    },
  },
  createPleskOrder: {
    ...{ method: 'POST', path: '/API/orders/create_order_plesk', encoding: 'json' },
    parameters: parametersOf(
      'plan_id* client_id* domain_name* ftp_login* ftp_password* subscription_duration* type_payment*',
    ),
    request: null,
    requestIsWhole: false,
    answer: {
      success: true,
      message: 'Plesk order created successfully',
      order: {
        id: 'order123-4567-8901-2345-678901234567',
        order_number: 'PLK_20250320_123456',
        status: 'completed',
        amount: '9.99',
        currency: 'EUR',
      },
      subscription: {
        id: 'sub123-4567-8901-2345-678901234567',
        domain_name: 'example.com',
        status: 'active',
        expires_at: '2025-04-20 10:30:00',
      },
      balance_after: '90.01',
    },
  },
  renewPleskOrder: {
    ...{ method: 'POST', path: '/API/orders/create_order_scale_plesk', encoding: 'json' },
    parameters: parametersOf('subscription_id* new_plan_id months* type_payment*'),
    request: { subscription_id: 'sub123-4567-8901-2345-678901234567' },
    requestIsWhole: false,
    answer: {
      success: true,
      message: 'Subscription renewed successfully',
      order: {
        id: 'order234-5678-9012-3456-789012345678',
        order_number: 'PLK_RENEW_20250320_123456',
        status: 'completed',
        amount: '29.97',
        currency: 'EUR',
      },
      subscription: {
        id: 'sub123-4567-8901-2345-678901234567',
        domain_name: 'example.com',
        new_expires_at: '2025-07-01 10:00:00',
        months_added: 3,
      },
      balance_after: '60.04',
    },
  },
  showSubscription: {
    ...{ method: 'GET', path: '/API/plesk/subscriptions/detail', encoding: 'query' },
    parameters: parametersOf('id*'),
    request: { id: 'sub123-4567-8901-2345-678901234567' },
    requestIsWhole: true,
    answer: {
      success: true,
      subscription: {
        id: 'sub123-4567-8901-2345-678901234567',
        domain_name: 'example.com',
        status: 'active',
        price: '9.99',
        plan_name: 'Basic',
        client_id: 'client123-4567-8901-2345-678901234567',
        client_name: 'John Doe',
        created_at: '2025-03-01 10:00:00',
        expires_at: '2025-04-01 10:00:00',
        auto_renew: true,
        ftp_username: 'example_ftp',
      },
      orders: [
        {
          id: 'order123-4567-8901-2345-678901234567',
          order_number: 'PLK_20250301_123456',
          amount: '9.99',
          status: 'completed',
          created_at: '2025-03-01 10:00:00',
        },
      ],
    },
  },
  createStorageOrder: {
    ...{ method: 'POST', path: '/API/orders/create_order_storage', encoding: 'json' },
    parameters: parametersOf(
      'user_id* plan_id* os_image_id* rental_duration* name_server password* type_payment* auto_renew* versions* add_extra',
    ),
    request: null,
    requestIsWhole: false,
    answer: {
      success: true,
      order: {
        id: 'order12345-6789-0123-4567-890123456789',
        status: 'completed',
        metadata: 'add_extra=1',
        amount: '12.99',
        currency: 'EUR',
      },
      server_status: {
        new_id: 'server12345-6789-0123-4567-890123456789',
        id_solusvm: 493,
        name: 'testingApiKey',
        metadata: 'password=securePassword123',
        primary_ip: '192.168.100.130',
      },
    },
  },
  createDomainOrder: {
    ...{ method: 'POST', path: '/API/orders/create_order', encoding: 'form' },
    parameters: parametersOf('user_id* domain_name* password domain_suffix* vyear*'),
    request: {
      user_id: 'user_id',
      domain_name: 'yourdomain.com',
      password: 'randompassword',
      domain_suffix: 'com',
      vyear: '1',
    },
    requestIsWhole: true,
    answer: {
      success: true,
      data: {
        id: '30ebab30-18cf-11f1-8da8-525400792197',
        status: 'pending',
        metadata: 'password=randompassword',
        amount: '20.00',
        currency: 'EUR',
      },
      domain: null,
    },
  },
  createInvoice: {
    ...{ method: 'POST', path: '/API/invoice', encoding: 'json' },
    parameters: parametersOf('user_id* order_id* currency* pay_currency* network*'),
    request: { user_id: 'user_id' },
    requestIsWhole: false,
    answer: {
      success: true,
      transaction: { id: '5763d0d0-ca37-11f0-8cdf-525400792197', success: true },
      message: 'Operation completed successfully!',
      data: {
        track_id: '110816020',
        amount: 89.97,
        currency: 'EUR',
        pay_amount: 0.0358619204,
        pay_currency: 'ETH',
        network: 'Ethereum Network',
        address: '0x7717324E33798466298275C82711084B452A8179',
        qr_code: 'URL',
        lifetime: 90,
        expired_at: 1764105348,
        order_id: '594948ab-bb26-11f0-8cae-525400792197',
        date: 1764099948,
      },
    },
  },
  checkDomain: {
    ...{ method: 'POST', path: '/API/domains/check_availability', encoding: 'json' },
    parameters: parametersOf('query* suffixes*'),
    request: { query: 'exampledomain', suffixes: '["io","com","net"]' },
    requestIsWhole: true,
    answer: {
      success: true,
      data: [
        {
          domain: 'exampledomain.io',
          available: true,
          status: 'available',
          premium: false,
          message: 'Domain is available for registration',
        },
        {
          domain: 'exampledomain.com',
          available: false,
          status: 'registered',
          premium: false,
          message: 'Domain is already registered',
        },
      ],
      meta: { total_checked: 2, available_count: 1, checked_at: '2025-11-24T19:08:32+01:00' },
    },
  },
  setNotification: {
    ...{ method: 'POST', path: '/API/users/change_preferences_notificaction', encoding: 'json' },
    parameters: parametersOf('user_id* preferences* days*'),
    request: { user_id: 'user_id', preferences: 'email', days: '3' },
    requestIsWhole: true,
    answer: {
      success: true,
      message: 'Notification preferences updated successfully',
      data: {
        user_id: 'efbfbdef-bfbd-3f68-3b17-11efbfbd0050',
        preferences: 'email',
        days: 3,
        updated_at: '2026-03-09 15:30:45',
      },
    },
  },
} as const satisfies Record<string, DocumentedExample>;

/** The one currency of the API reference. */
export const currency = 'EUR';

/** What an endpoint has to say: an HTTP status and the JSON object that goes with it. */
export interface Answer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/*
 * Guesses, all listed here. The API reference shows one successful answer for each operation and
 * nothing else, so the following is this sandbox's own idea of the rest:
 *
 * - every status code (200 for success included) and every refusal: its shape `{success: false,
 *   message, errors?}`, its words, and its status: 422 for an unknown id in a body, 404 for a
 *   subscription asked for by its id, and a refused key before everything else;
 * - `login` is compared in exact case, and no format of login, e-mail or password is refused;
 * - `client_id` of an order is the `id` of a created client, not its `plesk_client_id`;
 * - integers come as JSON numbers or strings of digits, as in the examples; their upper bounds;
 * - one account per key, with 100.00 EUR; every Plesk plan costs 9.99 a month and is called
 *   "Basic", storage 12.99 per started 720 hours, a domain 20.00 a year, whatever ids are sent;
 * - a paid renewal with another `new_plan_id` moves to a plan that is called by that id;
 * - nothing documented pays an order by crypto, which stays `pending`: so is the subscription of a
 *   Plesk order, a renewal shows the expiry that it would bring but moves nothing, a storage order
 *   has `server_status: null`, as a domain order has `domain: null`;
 * - `metadata` is null when there is nothing to put in it;
 * - names under .com, and names ordered here, are registered, all others are free; a name can be
 *   ordered once (409);
 * - one fixed exchange rate for every coin, and an invoice for any order of any status;
 * - times without a zone are UTC.
 */

/** A success in the documented shape. */
export function success(body: object): Answer {
  return { status: 200, body: { success: true, ...body } };
}

/** Thrown for what the sandbox does not do; its shape and status are guesses, see the list. */
export class Refusal extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`refused with ${answer.status}`);
    this.answer = answer;
  }
}

/** @param errors - problems by field name, each with one or more sentences */
export function refuse(
  status: number,
  message: string,
  errors?: Readonly<Record<string, readonly string[]>>,
): never {
  throw new Refusal({ status, body: { success: false, message, errors } });
}

/** Refuses an id that nothing has. */
export function unknownId(field: string, what: string): never {
  refuse(422, 'The given data was invalid', { [field]: [`${field} is not the id of any ${what}`] });
}

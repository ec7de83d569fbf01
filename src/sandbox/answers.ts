/** What an endpoint has to say: an HTTP status and the JSON object that goes with it. */
export interface Answer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Problems by field name, each with one or more sentences. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>;

/*
 * Guesses, all listed here. The API reference shows one successful answer for each operation and
 * nothing else, so the following is this sandbox's own idea of the rest:
 *
 * - every status code, 200 for success included: the reference states none;
 * - every refusal: its status, its shape `{success: false, message, errors?}` and its words;
 *   an id in a request body that is not known is 422 on that field, a subscription asked for by
 *   its id is 404, and a refused key comes before everything else;
 * - `login` is compared in exact case, and no format of login, e-mail or password is refused;
 * - `client_id` of an order is the `id` of a created client, not its `plesk_client_id`;
 * - integers are taken as JSON numbers or as strings of digits, since the examples show both;
 *   their upper bounds are the sandbox's own;
 * - one account per key, with 100.00 EUR; every Plesk plan costs 9.99 a month, storage
 *   12.99 per started 720 hours, a domain 20.00 a year, whatever ids are sent;
 * - the plan of an order is called "Basic"; a paid renewal with another `new_plan_id` changes the
 *   subscription's plan to one that is called by that id, at the same price;
 * - orders paid by crypto stay `pending`, since nothing documented pays them: a pending Plesk
 *   order has a pending subscription, a pending renewal tells the expiry that it would bring but
 *   moves nothing, and a pending storage order has `server_status: null`, as a pending domain
 *   order has `domain: null`;
 * - `metadata` is null when there is nothing to put in it;
 * - names under .com, and names ordered in this sandbox, are registered, all others are free; what
 *   was ordered here is refused the second time (409), and a name under .com may be ordered once;
 * - one fixed exchange rate for every coin, and an invoice for any order of any status;
 * - times without a zone are Central European wall-clock time.
 */

/** A success in the documented shape. */
export function success(body: object): Answer {
  return { status: 200, body };
}

/** A refusal; its shape and status are guesses, see the list above. */
export function refusal(status: number, message: string, errors?: FieldErrors): Answer {
  return {
    status,
    body: errors === undefined ? { success: false, message } : { success: false, message, errors },
  };
}

/** The refusal of a request whose fields are wrong, naming all of them. */
export function invalidFields(errors: FieldErrors): Answer {
  return refusal(422, 'The given data was invalid', errors);
}

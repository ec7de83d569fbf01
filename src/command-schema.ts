const text = { type: 'string' } as const;
const textOrNull = { type: ['string', 'null'] } as const;
const flag = { type: 'boolean' } as const;
const integer = { type: 'integer' } as const;
const numberOrNull = { type: ['number', 'null'] } as const;
const choices = { type: ['array', 'null'], items: text } as const;
const retry = { enum: ['no', 'after_fix', 'safe', 'check_first'] } as const;

/** An object with exactly these members. */
function exactly(properties: Readonly<Record<string, object>>) {
  return {
    type: 'object',
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  } as const;
}

const listOf = (items: object) => ({ type: 'array', items }) as const;

/** What `oxhost commands --json` gives, as JSON Schema; a change that breaks it raises `format`. */
export const COMMAND_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  // A name and no address: nothing is to be fetched.
  $id: 'urn:oxhost:commands:1',
  title: 'oxhost commands --json',
  ...exactly({
    format: { const: 1 },
    version: text,
    groups: listOf(exactly({ group: text, summary: text })),
    commands: listOf(
      exactly({
        command: { type: 'string', pattern: '^[a-z]' },
        summary: text,
        effect: { enum: ['read', 'create', 'buy', 'change', null] },
        creates: {
          type: 'boolean',
          description: 'Each of its errors has an outcome: whether it was created or bought.',
        },
        buys: flag,
        request: { anyOf: [{ type: 'null' }, { $ref: '#/$defs/request' }] },
        result_fields: {
          type: ['array', 'null'],
          items: text,
          description: 'What --fields may name, where the answer is documented.',
        },
        exit_codes: listOf(integer),
        arguments: listOf(
          exactly({
            name: text,
            required: flag,
            field: textOrNull,
            choices,
            description: text,
          }),
        ),
        options: listOf({ $ref: '#/$defs/option' }),
      }),
    ),
    global_options: listOf({ $ref: '#/$defs/option' }),
    environment: listOf(exactly({ name: text, meaning: text })),
    exit_codes: listOf(
      exactly({ code: integer, meaning: text, repeat: text, errors: listOf(text) }),
    ),
    error_codes: listOf(
      exactly({
        code: { type: 'string', pattern: '^[a-z_]+$' },
        exit_code: integer,
        retry,
      }),
    ),
  }),
  $defs: {
    request: exactly({
      method: { enum: ['GET', 'POST'] },
      path: { type: 'string', pattern: '^/' },
      encoding: { enum: ['json', 'form', 'query'] },
      fields: listOf(
        exactly({
          name: text,
          type: { enum: ['string', 'integer', 'array'] },
          required: flag,
          secret: flag,
        }),
      ),
    }),
    option: exactly({
      name: { type: 'string', pattern: '^--[a-z]' },
      short: { type: ['string', 'null'], pattern: '^-[A-Za-z]$' },
      value: {
        ...textOrNull,
        description: 'What stands for its value in the help; null for a switch.',
      },
      type: { enum: ['string', 'integer', 'number', 'boolean'] },
      required: { ...flag, description: 'Nothing but this flag, --input or a question fills it.' },
      default: numberOrNull,
      default_from: {
        ...textOrNull,
        description: 'What fills it otherwise: the profile, another flag or an <operand>.',
      },
      repeatable: flag,
      secret: flag,
      choices,
      minimum: numberOrNull,
      maximum: numberOrNull,
      environment: textOrNull,
      field: {
        ...textOrNull,
        description: 'The field of the request that it fills; a secret has several flags.',
      },
      description: text,
    }),
  },
} as const;

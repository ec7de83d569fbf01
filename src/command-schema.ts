const text = { type: 'string' } as const;
const textOrNull = { type: ['string', 'null'] } as const;
const flag = { type: 'boolean' } as const;

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
  title: 'oxhost commands --json',
  ...exactly({
    format: { const: 1 },
    version: text,
    commands: listOf(
      exactly({
        command: { type: 'string', pattern: '^[a-z]' },
        summary: text,
        effect: { enum: ['read', 'create', 'buy', 'change', null] },
        arguments: listOf(
          exactly({
            name: text,
            required: flag,
            field: textOrNull,
            choices: { type: ['array', 'null'], items: text },
            description: text,
          }),
        ),
        options: listOf({ $ref: '#/$defs/option' }),
      }),
    ),
    global_options: listOf({ $ref: '#/$defs/option' }),
    environment: listOf(exactly({ name: text, meaning: text })),
    exit_codes: listOf(
      exactly({ code: { type: 'integer' }, meaning: text, repeat: text, errors: listOf(text) }),
    ),
    error_codes: listOf(
      exactly({
        code: { type: 'string', pattern: '^[a-z_]+$' },
        exit_code: { type: 'integer' },
        retry: { enum: ['no', 'after_fix', 'safe', 'check_first'] },
      }),
    ),
  }),
  $defs: {
    option: exactly({
      name: { type: 'string', pattern: '^--[a-z]' },
      short: { type: ['string', 'null'], pattern: '^-[A-Za-z]$' },
      /** What stands for its value in the help; null for a switch. */
      value: textOrNull,
      type: { enum: ['string', 'integer', 'boolean'] },
      required: flag,
      repeatable: flag,
      secret: flag,
      choices: { type: ['array', 'null'], items: text },
      minimum: { type: ['integer', 'null'] },
      maximum: { type: ['integer', 'null'] },
      environment: textOrNull,
      /** The field of the request that it fills. */
      field: textOrNull,
      description: text,
    }),
  },
} as const;

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are bash's own expansions
import { commentLines } from './comment.ts';
import { escapeHidden, hasHidden, hexadecimal } from './literal.ts';
import { type Piece, piecesOf } from './pieces.ts';
import { type Call, TIMEOUT_SECONDS, variablesOf } from './request.ts';

/**
 * A bash program. Key and values reach curl through pipes, never as arguments, which every user of
 * the machine can read. All of it is a subshell, so that it can also be pasted into a terminal.
 */
export function curlSample(call: Call): string {
  const pieces = piecesOf(call);
  const sendsData = pieces.length > 0;
  const isQuery = call.encoding === 'query';
  const hasSecrets = pieces.some(({ variable }) => variable !== undefined);
  const encoder = call.encoding === 'json' ? 'json_string' : 'form_text';
  const lines = [
    '#!/usr/bin/env bash',
    ...commentLines(call, 'bash and curl').map((line) => `# ${line}`),
    '(',
    'set -euo pipefail',
    '# Text is taken byte by byte.',
    'export LC_ALL=C',
    '',
    'fail() { printf \'%s\\n\' "$1" >&2; exit 1; }',
    ...(hasSecrets ? ['', ...(call.encoding === 'json' ? JSON_STRING : FORM_TEXT)] : []),
    '',
    ...[call.keyVariable, ...variablesOf(call.fields)].map(
      (name) => `[[ \${${name}:-} ]] || fail '${name} is not set'`,
    ),
    `[[ $${call.keyVariable} == *[^[:graph:]]* ]] && fail '${call.keyVariable} holds something that no key can hold'`,
    ...(sendsData ? ['', ...assignments(pieces, encoder)] : []),
    '',
    `answer=$(${input(call, sendsData)}curl --disable --silent --show-error --globoff \\`,
    `  --max-time ${TIMEOUT_SECONDS} \\`,
    `  --request ${call.method} \\`,
    ...call.headers.map(([name, value]) => `  --header ${shellQuoted(`${name}: ${value}`)} \\`),
    `  --header @<(printf 'x-api-key: %s\\n' "$${call.keyVariable}") \\`,
    ...(sendsData && !isQuery ? ['  --data-binary @- \\'] : []),
    "  --write-out '\\n%{http_code}' \\",
    sendsData && isQuery ? '  --config -)' : `  ${shellQuoted(call.url)})`,
    "status=${answer##*$'\\n'}",
    'body=${answer%????}',
    'printf \'%s\\n\' "$body"',
    'if ((status >= 300)); then fail "HTTP $status"; fi',
    ...SUCCESS,
    ')',
  ];
  return `${lines.join('\n')}\n`;
}

/** curl's own `--get` would rewrite the query; a URL has no character that needs an escape here. */
function input({ encoding, url }: Call, sendsData: boolean): string {
  if (!sendsData) return '';
  if (encoding !== 'query') return 'printf \'%s\' "$data" | ';
  return `printf 'url = "%s?%s"\\n' ${shellQuoted(url)} "$data" | `;
}

function assignments(pieces: readonly Piece[], encoder: string): string[] {
  return pieces.map(({ text, variable }, index) => {
    const secret = variable === undefined ? '' : `"$(${encoder} "$${variable}")"`;
    return `data${index === 0 ? '' : '+'}=${shellQuoted(text)}${secret}`;
  });
}

/** In single quotes, or as `$'…'` where there is something hidden: bytes, whatever the locale. */
function shellQuoted(text: string): string {
  if (!hasHidden(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  // An interactive shell would take the ! for its history.
  const escaped = text.replace(/['\\]/g, '\\$&').replaceAll('!', '\\x21');
  return `$'${escapeHidden(escaped, escapeBytes)}'`;
}

function escapeBytes(codePoint: number): string {
  const bytes = new TextEncoder().encode(String.fromCodePoint(codePoint));
  return Array.from(bytes, (byte) => `\\x${hexadecimal(byte, 2)}`).join('');
}

/** Bash reads no JSON: this is what the text of every documented success has, and no cut one. */
const SUCCESS = [
  '# What is left without its texts tells whether the answer is whole.',
  'bare=${body//\\\\\\\\/}',
  'bare=${bare//\\\\\\"/}',
  'outside=',
  "IFS='\"' read -r -d '' -a parts <<< \"$bare\" || true",
  'for ((index = 0; index < ${#parts[@]}; index += 2)); do outside+=${parts[index]}; done',
  'opening=${outside//[^\\{]/}',
  'closing=${outside//[^\\}]/}',
  "space='[[:space:]]*'",
  '[[ $body =~ ^$space\\{ && $body =~ \\}$space$ && ${#opening} == "${#closing}" ]] ||',
  "  fail 'the answer is not a JSON object'",
  'member="\\"success\\"$space:$space"',
  '[[ $body =~ ${member}true && ! $body =~ ${member}false ]] ||',
  '  fail \'the answer does not say "success": true\'',
];

const JSON_STRING = [
  'json_string() {',
  '  local index character',
  "  printf '\"'",
  '  for ((index = 0; index < ${#1}; index++)); do',
  '    character=${1:index:1}',
  '    case $character in',
  "      ['\"\\']) printf '\\\\%s' \"$character\" ;;",
  "      $'\\b') printf '\\\\b' ;;",
  "      $'\\t') printf '\\\\t' ;;",
  "      $'\\n') printf '\\\\n' ;;",
  "      $'\\f') printf '\\\\f' ;;",
  "      $'\\r') printf '\\\\r' ;;",
  "      [$'\\001'-$'\\037']) printf '\\\\u%04x' \"'$character\" ;;",
  '      *) printf \'%s\' "$character" ;;',
  '    esac',
  '  done',
  "  printf '\"'",
  '}',
];

const FORM_TEXT = [
  'form_text() {',
  '  local index character code',
  '  for ((index = 0; index < ${#1}; index++)); do',
  '    character=${1:index:1}',
  '    case $character in',
  '      [a-zA-Z0-9*._-]) printf \'%s\' "$character" ;;',
  "      ' ') printf '+' ;;",
  '      *)',
  "        printf -v code '%d' \"'$character\"",
  "        printf '%%%02X' $((code & 255))",
  '        ;;',
  '    esac',
  '  done',
  '}',
];

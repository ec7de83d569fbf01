// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are bash's own expansions
import { commentLines, jsonLiteral, type SampleRequest } from './request.ts';

const FORM = 'to_entries | map("\\(.key | @uri)=\\(.value | tostring | @uri)") | join("&")';

/**
 * A bash program. Key and secrets reach curl through pipes, never as arguments, which every user of
 * the machine can read. All of it is a subshell, so that it can also be pasted into a terminal.
 */
export function curlSample(request: SampleRequest): string[] {
  const { method, url, encoding, values, fromEnvironment } = request;
  const secrets = Object.entries(fromEnvironment);
  const places = Object.fromEntries(secrets.map(([name]) => [name, null]));
  const filter = [
    ...secrets.map(([name, variable]) => `.${name} = env.${variable}`),
    ...(encoding === 'json' ? [] : [FORM]),
  ];
  const isSet = ['OXHOST_API_KEY', ...Object.values(fromEnvironment)].map(
    (name) => `"\${${name}:?is not set}"`,
  );
  const data = {
    json: "--header 'content-type: application/json' --data-binary @-",
    form: '--data-binary @-',
    query: '--get --data-binary @-',
  }[encoding];
  return [
    '#!/usr/bin/env bash',
    ...commentLines(request, 'bash, jq and curl 7.76 or newer', '#'),
    '(',
    'set -euo pipefail',
    `: ${isSet.join(' ')}`,
    `jq -cj ${quoted(filter.join(' | ') || '.')} <<< ${quoted(jsonLiteral({ ...values, ...places }))} |`,
    `  curl --silent --show-error --fail-with-body --max-time 150 --request ${method} \\`,
    `    --header @<(printf 'x-api-key: %s\\n' "$OXHOST_API_KEY") --header 'accept: application/json' \\`,
    `    ${data} ${quoted(url)} |`,
    '  { answer=$(cat) && printf \'%s\\n\' "$answer" && jq -es \'.[0].success == true\' <<< "$answer" > /dev/null; } ||',
    `  { echo ${quoted(`no answer came, or the answer does not say "success": true`)} >&2; exit 1; }`,
    ')',
  ];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

import {
  commentLines,
  fieldSources,
  jsonLiteral,
  type SampleRequest,
  type SampleValue,
} from './request.ts';

const BODIES = {
  json: 'json_encode($values, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE)',
  form: 'http_build_query($values)',
  query: 'http_build_query($values)',
} as const;

/** A program for PHP 7.3 or newer with its curl extension. */
export function phpSample(request: SampleRequest): string[] {
  const { method, url, encoding } = request;
  const isQuery = encoding === 'query';
  const variable = (name: string) => `variable(${literal(name)})`;
  return [
    '<?php',
    ...commentLines(request, 'PHP 7.3 or newer with its curl extension', '//'),
    'function fail(string $reason): void',
    '{',
    "    file_put_contents('php://stderr', $reason . PHP_EOL);",
    '    exit(1);',
    '}',
    'function variable(string $name): string',
    '{',
    "    return (string) getenv($name) !== '' ? getenv($name) : fail($name . ' is not set');",
    '}',
    `$key = ${variable('OXHOST_API_KEY')};`,
    `preg_match('/^[!-~]+$/D', $key) || fail('OXHOST_API_KEY is no key');`,
    '$values = [',
    ...fieldSources(request, literal, variable).map(
      ([name, source]) => `    ${literal(name)} => ${source},`,
    ),
    '];',
    `$data = ${BODIES[encoding]};`,
    `$curl = curl_init(${literal(url)}${isQuery ? " . '?' . $data" : ''});`,
    'curl_setopt_array($curl, [',
    `    CURLOPT_CUSTOMREQUEST => '${method}',`,
    ...(isQuery ? [] : ['    CURLOPT_POSTFIELDS => $data,']),
    '    CURLOPT_HTTPHEADER => [',
    `        'accept: application/json', 'x-api-key: ' . $key,${encoding === 'json' ? " 'content-type: application/json'," : ''}`,
    '    ],',
    '    CURLOPT_RETURNTRANSFER => true,',
    `    CURLOPT_TIMEOUT => 150,`,
    ']);',
    '$body = curl_exec($curl);',
    'is_string($body) || fail(curl_error($curl));',
    'echo $body, PHP_EOL;',
    '$status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);',
    "$status < 300 || fail('HTTP ' . $status);",
    `(json_decode($body)->success ?? null) === true || fail('the answer does not say "success": true');`,
  ];
}

function literal(value: SampleValue): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'object') return `[${value.map(literal).join(', ')}]`;
  // Single quotes know no escapes; what nobody sees is given as JSON.
  return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(value)
    ? `json_decode(${quoted(jsonLiteral(value))})`
    : quoted(value);
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}

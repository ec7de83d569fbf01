import { commentLines } from './comment.ts';
import { escapeHidden, hasHidden, hexadecimal, memberLines, type Syntax } from './literal.ts';
import { areWrittenAlike, piecesOf } from './pieces.ts';
import { type Call, TIMEOUT_SECONDS } from './request.ts';

const FLAGS = 'JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_LINE_TERMINATORS';

/** A program for PHP 7.2 or newer with its curl extension. */
export function phpSample(call: Call): string {
  const hasQuery = call.encoding === 'query' && call.fields.length > 0;
  const sendsBody = call.encoding !== 'query';
  const lines = [
    '<?php',
    ...commentLines(call, 'PHP 7.2 or newer with its curl extension').map((line) => `// ${line}`),
    'function fail(string $reason): void',
    '{',
    '    file_put_contents(\'php://stderr\', $reason . "\\n");',
    '    exit(1);',
    '}',
    '',
    'function variable(string $name): string',
    '{',
    '    $value = getenv($name);',
    "    if ($value === false || $value === '') {",
    "        fail($name . ' is not set');",
    '    }',
    "    if (preg_match('//u', $value) !== 1) {",
    "        fail($name . ' is not UTF-8 text');",
    '    }',
    '    return $value;',
    '}',
    '',
    `$key = variable('${call.keyVariable}');`,
    "if (preg_match('/^[\\x21-\\x7e]+$/D', $key) !== 1) {",
    `    fail('${call.keyVariable} holds something that no key can hold');`,
    '}',
    ...(sendsBody || hasQuery ? valueLines(call) : []),
    '',
    `$curl = curl_init(${quoted(call.url)}${hasQuery ? " . '?' . $data" : ''});`,
    'curl_setopt_array($curl, [',
    `    CURLOPT_CUSTOMREQUEST => '${call.method}',`,
    '    CURLOPT_HTTPHEADER => [',
    ...call.headers.map(([name, value]) => `        ${quoted(`${name}: ${value}`)},`),
    "        'x-api-key: ' . $key,",
    '    ],',
    ...(sendsBody ? ['    CURLOPT_POSTFIELDS => $data,'] : []),
    '    CURLOPT_RETURNTRANSFER => true,',
    '    CURLOPT_FOLLOWLOCATION => false,',
    `    CURLOPT_TIMEOUT => ${TIMEOUT_SECONDS},`,
    ']);',
    '$answer = curl_exec($curl);',
    'if ($answer === false) {',
    "    fail('no answer: ' . curl_error($curl));",
    '}',
    'echo $answer, "\\n";',
    '$status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);',
    'if ($status >= 300) {',
    "    fail('HTTP ' . $status);",
    '}',
    '$object = json_decode($answer);',
    'if (!is_object($object)) {',
    "    fail('the answer is not a JSON object');",
    '}',
    'if (($object->success ?? null) !== true) {',
    '    fail(\'the answer does not say "success": true\');',
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

function valueLines(call: Call): string[] {
  const isText = call.encoding !== 'json';
  if (!isText && !areWrittenAlike(call.fields)) {
    return [`$flags = ${FLAGS};`, `$data = ${rawLines(call).join('\n    . ')};`];
  }
  const members = memberLines(call.fields, SYNTAX, member, isText).map((line) => `    ${line},`);
  return [
    isText ? '$values = [' : '$values = (object) [',
    ...members,
    '];',
    isText
      ? "$data = str_replace('%2A', '*', http_build_query($values, '', '&'));"
      : `$data = json_encode($values, ${FLAGS});`,
  ];
}

function rawLines(call: Call): string[] {
  return piecesOf(call).map(({ text, variable }) =>
    variable === undefined
      ? quoted(text)
      : `${quoted(text)} . json_encode(variable('${variable}'), $flags)`,
  );
}

function quoted(text: string): string {
  if (!hasHidden(text)) return `'${text.replace(/['\\]/g, '\\$&')}'`;
  const escaped = text.replace(/["\\$]/g, '\\$&');
  return `"${escapeHidden(escaped, (codePoint) => `\\u{${hexadecimal(codePoint, 1)}}`)}"`;
}

function member(name: string, source: string): string {
  return `${quoted(name)} => ${source}`;
}

const SYNTAX: Syntax = {
  string: quoted,
  constants: { true: 'true', false: 'false', null: 'null' },
  list: (items) => `[${items.join(', ')}]`,
  // A bare array of names like 0 and 1 would be sent as a list.
  object: (members) =>
    `(object) [${members.map(([name, source]) => member(name, source)).join(', ')}]`,
};

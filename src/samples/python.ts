import { commentLines } from './comment.ts';
import { doubleQuoted, hexadecimal, memberLines, type Syntax } from './literal.ts';
import { areWrittenAlike, piecesOf } from './pieces.ts';
import { type Call, TIMEOUT_SECONDS } from './request.ts';

/** A program for Python 3 with the package requests. */
export function pythonSample(call: Call): string {
  const hasQuery = call.encoding === 'query' && call.fields.length > 0;
  const sendsBody = call.encoding !== 'query';
  const lines = [
    ...commentLines(call, 'Python 3 with requests').map((line) => `# ${line}`),
    'import json',
    'import os',
    'import re',
    'import sys',
    ...(call.encoding === 'json' ? [] : ['from urllib.parse import urlencode']),
    '',
    'import requests',
    '',
    '',
    'def variable(name):',
    '    value = os.environ.get(name, "")',
    '    if value == "":',
    '        sys.exit(name + " is not set")',
    '    try:',
    '        return os.fsencode(value).decode("utf-8")',
    '    except UnicodeDecodeError:',
    '        sys.exit(name + " is not UTF-8 text")',
    '',
    '',
    `url = ${quoted(call.url)}`,
    `key = variable("${call.keyVariable}")`,
    'if not re.fullmatch("[!-~]+", key):',
    `    sys.exit("${call.keyVariable} holds something that no key can hold")`,
    ...(sendsBody || hasQuery ? valueLines(call) : []),
    ...(hasQuery ? ['url += "?" + data'] : []),
    '',
    '',
    'def keep(request):',
    '    # Else requests would rewrite the address and might add a login from ~/.netrc.',
    '    request.url = url',
    '    return request',
    '',
    '',
    'try:',
    '    response = requests.request(',
    `        "${call.method}",`,
    '        url,',
    '        headers={',
    ...call.headers.map(([name, value]) => `            ${quoted(name)}: ${quoted(value)},`),
    '            "x-api-key": key,',
    '        },',
    ...(sendsBody ? ['        data=data.encode("utf-8"),'] : []),
    '        auth=keep,',
    `        timeout=${TIMEOUT_SECONDS},`,
    '        allow_redirects=False,',
    '    )',
    'except requests.RequestException as error:',
    // The message repeats the query.
    `    sys.exit("no answer: " + ${hasQuery ? 'type(error).__name__' : 'str(error)'})`,
    'sys.stdout.buffer.write(response.content + b"\\n")',
    'sys.stdout.flush()',
    'if response.status_code >= 300:',
    '    sys.exit("HTTP " + str(response.status_code))',
    'try:',
    '    answer = json.loads(response.content)',
    'except ValueError:',
    '    answer = None',
    'if not isinstance(answer, dict):',
    '    sys.exit("the answer is not a JSON object")',
    'if answer.get("success") is not True:',
    '    sys.exit(\'the answer does not say "success": true\')',
  ];
  return `${lines.join('\n')}\n`;
}

function valueLines(call: Call): string[] {
  const isText = call.encoding !== 'json';
  if (!isText && !areWrittenAlike(call.fields)) {
    return ['data = (', ...rawLines(call).map((line) => `    ${line}`), ')'];
  }
  const members = memberLines(call.fields, SYNTAX, member, isText).map((line) => `    ${line},`);
  return [
    'values = {',
    ...members,
    '}',
    isText
      ? 'data = urlencode(values, safe="*").replace("~", "%7E")'
      : 'data = json.dumps(values, ensure_ascii=False, separators=(",", ":"))',
  ];
}

function rawLines(call: Call): string[] {
  return piecesOf(call).map(({ text, variable }, index) => {
    const secret =
      variable === undefined ? '' : ` + json.dumps(variable("${variable}"), ensure_ascii=False)`;
    return `${index === 0 ? '' : '+ '}${quoted(text)}${secret}`;
  });
}

function quoted(text: string): string {
  return doubleQuoted(text, (codePoint) => `\\U${hexadecimal(codePoint, 8)}`);
}

function member(name: string, source: string): string {
  return `${quoted(name)}: ${source}`;
}

const SYNTAX: Syntax = {
  string: quoted,
  constants: { true: 'True', false: 'False', null: 'None' },
  list: (items) => `[${items.join(', ')}]`,
  object: (members) => `{${members.map(([name, source]) => member(name, source)).join(', ')}}`,
};

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the program's own templates
import { commentLines } from './comment.ts';
import { doubleQuoted, hexadecimal, memberLines, type Syntax } from './literal.ts';
import { type Call, TIMEOUT_SECONDS } from './request.ts';

/** A program for Node 20 or newer that runs as a module, as a script, and from stdin. */
export function javascriptSample(call: Call): string {
  const sendsBody = call.encoding !== 'query';
  const hasQuery = !sendsBody && call.fields.length > 0;
  const lines = [
    ...commentLines(call, 'Node 20 or newer').map((line) => `// ${line}`),
    'function variable(name) {',
    '  const value = process.env[name];',
    '  if (!value) throw new Error(`${name} is not set`);',
    '  return value;',
    '}',
    '',
    'async function main() {',
    `  const key = variable(${quoted(call.keyVariable)});`,
    `  if (!/^[\\x21-\\x7e]+$/.test(key)) throw new Error("${call.keyVariable} holds something that no key can hold");`,
    ...valueLines(call),
    `  const response = await fetch(${quoted(call.url)}${hasQuery ? ' + "?" + data' : ''}, {`,
    `    method: "${call.method}",`,
    '    headers: {',
    ...call.headers.map(([name, value]) => `      ${member(name, quoted(value))},`),
    '      "x-api-key": key,',
    '    },',
    ...(sendsBody ? ['    body: data,'] : []),
    '    redirect: "manual",',
    `    signal: AbortSignal.timeout(${TIMEOUT_SECONDS}_000),`,
    '  });',
    '  const body = await response.text();',
    '  console.log(body);',
    '  if (!response.ok) throw new Error(`HTTP ${response.status}`);',
    '  let answer = null;',
    '  try {',
    '    answer = JSON.parse(body);',
    '  } catch {}',
    '  if (answer === null || typeof answer !== "object" || Array.isArray(answer)) {',
    '    throw new Error("the answer is not a JSON object");',
    '  }',
    '  if (answer.success !== true) throw new Error(\'the answer does not say "success": true\');',
    '}',
    '',
    'main().catch((error) => {',
    '  console.error(error.cause?.message || error.cause?.code || error.message);',
    '  process.exitCode = 1;',
    '});',
  ];
  return `${lines.join('\n')}\n`;
}

function valueLines(call: Call): string[] {
  const isText = call.encoding !== 'json';
  if (call.fields.length === 0 && call.encoding === 'query') return [];
  return [
    `  const data = ${isText ? 'new URLSearchParams' : 'JSON.stringify'}({`,
    ...memberLines(call.fields, SYNTAX, member, isText).map((line) => `    ${line},`),
    `  })${isText ? '.toString()' : ''};`,
  ];
}

function quoted(text: string): string {
  return doubleQuoted(text, (codePoint) => {
    const pair = String.fromCodePoint(codePoint);
    return `\\u${hexadecimal(pair.charCodeAt(0), 4)}\\u${hexadecimal(pair.charCodeAt(1), 4)}`;
  });
}

function member(name: string, source: string): string {
  if (/^[A-Za-z_]\w*$/.test(name) && name !== '__proto__') return `${name}: ${source}`;
  // In brackets even __proto__ is a name like any other.
  return `${name === '__proto__' ? `[${quoted(name)}]` : quoted(name)}: ${source}`;
}

const SYNTAX: Syntax = {
  string: quoted,
  constants: { true: 'true', false: 'false', null: 'null' },
  list: (items) => `[${items.join(', ')}]`,
  object: (members) => `{ ${members.map(([name, source]) => member(name, source)).join(', ')} }`,
};

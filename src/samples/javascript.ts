// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the program's own templates
import { commentLines, fieldSources, jsonLiteral, type SampleRequest } from './request.ts';

/** A program for Node 20 or newer that runs as a module, as a script, and from stdin. */
export function javascriptSample(request: SampleRequest): string[] {
  const { method, url, encoding } = request;
  const variable = (name: string) => `variable(${jsonLiteral(name)})`;
  const body = encoding === 'json' ? 'JSON.stringify(values)' : 'new URLSearchParams(values)';
  return [
    ...commentLines(request, 'Node 20 or newer', '//'),
    'function variable(name) {',
    '  const value = process.env[name];',
    '  if (!value) throw new Error(`${name} is not set`);',
    '  return value;',
    '}',
    '',
    'async function main() {',
    `  const key = ${variable('OXHOST_API_KEY')};`,
    `  if (!/^[!-~]+$/.test(key)) throw new Error("OXHOST_API_KEY is no key");`,
    '  const values = {',
    ...fieldSources(request, jsonLiteral, variable).map(
      ([name, source]) => `    ${name}: ${source},`,
    ),
    '  };',
    `  const response = await fetch(${jsonLiteral(url)}${encoding === 'query' ? ` + "?" + ${body}` : ''}, {`,
    `    method: "${method}",`,
    `    headers: { accept: "application/json", "x-api-key": key${encoding === 'json' ? ', "content-type": "application/json"' : ''} },`,
    ...(encoding === 'query' ? [] : [`    body: ${body},`]),
    '    redirect: "manual",',
    `    signal: AbortSignal.timeout(150_000),`,
    '  });',
    '  const text = await response.text();',
    '  console.log(text);',
    '  if (!response.ok) throw new Error(`HTTP ${response.status}`);',
    `  if (JSON.parse(text)?.success !== true) throw new Error('the answer does not say "success": true');`,
    '}',
    '',
    'main().catch((error) => {',
    '  console.error(error.cause?.message || error.message);',
    '  process.exitCode = 1;',
    '});',
  ];
}

import { commentLines, fieldSources, jsonLiteral, type SampleRequest } from './request.ts';

const ARGUMENTS = { json: 'json', form: 'data', query: 'params' } as const;

/** A program for Python 3.8 or newer with requests. */
export function pythonSample(request: SampleRequest): string[] {
  const { method, url, encoding } = request;
  const variable = (name: string) => `variable(${literal(name)})`;
  return [
    ...commentLines(request, 'Python 3.8 or newer with requests', '#'),
    'import os',
    'import sys',
    'import requests',
    '',
    'def variable(name):',
    '    value = os.fsencode(os.environ.get(name, "")).decode()',
    '    return value or sys.exit(f"{name} is not set")',
    '',
    `key = ${variable('OXHOST_API_KEY')}`,
    'if not (key.isascii() and key.isprintable() and key == key.strip()):',
    `    sys.exit("OXHOST_API_KEY is no key")`,
    'values = {',
    ...fieldSources(request, literal, variable).map(
      ([name, source]) => `    ${literal(name)}: ${source},`,
    ),
    '}',
    'try:',
    '    response = requests.request(',
    `        "${method}", ${literal(url)},`,
    `        ${ARGUMENTS[encoding]}=values,`,
    '        headers={"accept": "application/json", "x-api-key": key},',
    `        timeout=150,`,
    '        allow_redirects=False,',
    '    )',
    'except requests.RequestException as error:',
    '    sys.exit(str(error))',
    'sys.stdout.buffer.write(response.content + b"\\n")',
    'if response.status_code >= 300:',
    '    sys.exit(f"HTTP {response.status_code}")',
    'try:',
    '    done = response.json().get("success") is True',
    'except (ValueError, AttributeError):',
    '    done = False',
    'if not done:',
    `    sys.exit('the answer does not say "success": true')`,
  ];
}

/** As in JSON, but for pairs of surrogates, which are no character in Python. */
function literal(value: unknown): string {
  return jsonLiteral(value).replace(
    /\\u(d[89ab]..)\\u(d[c-f]..)/g,
    (_pair, high: string, low: string) => {
      const character = String.fromCharCode(Number.parseInt(high, 16), Number.parseInt(low, 16));
      return `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`;
    },
  );
}

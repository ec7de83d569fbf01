// Makes dist/: one bundle with lazy chunks, every library inlined, and their licences beside it.
import { readFileSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

/**
 * Parts of libraries that oxhost never uses and that would cost every start: got's HTTP/2, cache
 * and DNS cache, chalk's own look at the terminal (the run has one level, set by us), conf's JSON
 * Schema checks and migrations, and the traces of DEBUG, which print proxy passwords. Using one is a bug, so it fails loudly.
 */
const unused = (name) =>
  `const fail = () => { throw new Error('${name} is not part of oxhost'); };
   export default new Proxy(function () {}, { get: (_, key) => (key === Symbol.toPrimitive ? undefined : fail), construct: fail, apply: fail });`;
const REPLACED = {
  'http2-wrapper': unused('http2-wrapper'),
  'cacheable-request': `${unused('cacheable-request')} export class CacheError extends Error {}`,
  'cacheable-lookup': 'export default class CacheableLookup {}',
  'ajv/dist/2020.js': `${unused('ajv')} export class Ajv2020 {}`,
  'ajv-formats': unused('ajv-formats'),
  semver: unused('semver'),
  'form-data-encoder': `${unused('form-data-encoder')} export class FormDataEncoder {} export const isFormData = () => false;`,
  '#supports-color':
    'export default { stdout: false, stderr: false }; export const supportsColor = {}; export const supportsColorStderr = {};',
  'proxy-agent-negotiate': 'export const createNegotiateAuth = undefined;',
  'node:child_process': 'export {}',
  'node:process':
    'export default globalThis.process; export const { env, platform } = globalThis.process;',
  debug: 'export default () => Object.assign(() => {}, { enabled: false });',
};

const replaceUnused = {
  name: 'replace-unused',
  resolveId(id, importer = '') {
    // commander's commands in files of their own are not used, and child_process loads half of Node.
    const isForCommander = id === 'node:child_process' && importer.includes('/commander/');
    return isForCommander || (!id.startsWith('node:') && Object.hasOwn(REPLACED, id))
      ? `\0unused:${id}`
      : null;
  },
  load: (id) => (id.startsWith('\0unused:') ? REPLACED[id.slice('\0unused:'.length)] : null),
};

/**
 * Node's own modules without its module loader, which reads every property of what it loads: that of
 * process opens three streams, that of crypto loads WebCrypto.
 */
const takeBuiltins = {
  name: 'take-builtins',
  // One for each importer, so that none becomes a file of its own.
  resolveId(given, importer, { kind }) {
    const id = builtinModules.includes(given) ? `node:${given}` : given;
    return id.startsWith('node:') && id !== 'node:module' && kind !== 'dynamic-import'
      ? `\0${id}?${kind === 'require-call' ? 'required' : ''}&${importer}`
      : null;
  },
  load(id) {
    if (!id.startsWith('\0node:')) return null;
    const name = id.slice(1, id.indexOf('?'));
    if (id.includes('?required&')) {
      return {
        code: `module.exports = process.getBuiltinModule('${name}');`,
        moduleSideEffects: false,
      };
    }
    const exported = Object.keys(process.getBuiltinModule(name)).filter(
      (key) => /^[A-Za-z_$][\w$]*$/.test(key) && key !== 'default',
    );
    const lines = exported.map(
      (key) => `const $${key} = builtin.${key}; export { $${key} as ${key} };`,
    );
    if (SELDOM_NEEDED.has(name))
      return { code: loadedLate(name, exported), moduleSideEffects: false };
    const source =
      name === 'node:process' ? 'globalThis.process' : `process.getBuiltinModule('${name}')`;
    const code = `const builtin = ${source}; export default builtin;\n${lines.join('\n')}`;
    return { code, moduleSideEffects: false };
  },
};

/** Loaded on first use: a request by plain HTTP whose answer is not compressed needs none of them. */
const SELDOM_NEEDED = new Set(['node:https', 'node:tls', 'node:zlib']);

/** Classes are taken at once, since a wrapped one is another class. */
function loadedLate(name, exported) {
  const isClass = (key) => /^[A-Z]/.test(key);
  const lines = exported.map((key) =>
    isClass(key)
      ? `const $${key} = /* @__PURE__ */ load().${key}; export { $${key} as ${key} };`
      : `const $${key} = (...given) => load().${key}(...given); export { $${key} as ${key} };`,
  );
  const getters = exported.map((key) => `get ${key}() { return load().${key}; }`);
  return `const load = () => process.getBuiltinModule('${name}');
export default { ${getters.join(', ')} };
${lines.join('\n')}`;
}

/** What libraries do at every start or request and that is dear, and what is put in its place. */
const LIGHTER = [
  // got's type checks word their complaints with it: a quarter of a bare start to make.
  {
    file: '/@sindresorhus/is/distribution/index.js',
    costly: /new Intl\.ListFormat\([^)]*\)/g,
    plain: "{ format: (items) => [...items].join(', ') }",
  },
  // It would load zlib, which few answers need.
  {
    file: '/decompress-response/index.js',
    costly: /typeof zlib\.createZstdDecompress === 'function'/g,
    plain: "'zstd' in process.versions",
  },
  // Of a cache and of Unix sockets, neither of which is used. An object that begins with spreading
  // is a dictionary to V8, in memory that only a full collection frees: 14 kilobytes a request.
  {
    file: '/got/dist/source/core/options.js',
    costly: /\.\.\.internals\.cacheOptions,\s+\.\.\.this\._unixOptions,/,
    plain: '',
  },
];

const lighten = {
  name: 'lighten',
  transform(code, id) {
    const found = LIGHTER.find(({ file }) => id.endsWith(file) && !id.startsWith('\0'));
    if (found === undefined) return null;
    const lighter = code.replace(found.costly, found.plain);
    if (lighter === code) throw new Error(`${found.file} no longer has ${found.costly}`);
    return { code: lighter, map: null };
  },
};

/** Everything that is inlined names its licence in the package. */
const collectLicences = {
  name: 'collect-licences',
  generateBundle(_options, bundle) {
    const folders = new Set();
    for (const chunk of Object.values(bundle)) {
      for (const id of chunk.moduleIds ?? []) {
        const match = /^([^\0]*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(
          id.replaceAll('\\', '/'),
        );
        if (match) folders.add(match[1]);
      }
    }
    this.emitFile({
      type: 'asset',
      fileName: 'LICENSES.txt',
      source: licences([...folders].sort()),
    });
  },
};

export function licences(folders, read = readLicence) {
  const parts = folders.map((folder) => {
    const {
      name,
      version: number,
      license,
    } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    return `${name} ${number} (${license})\n\n${read(folder, name).trim()}\n`;
  });
  return `oxhost contains these libraries, each under its own licence.\n\n${parts.join(`\n${'-'.repeat(72)}\n\n`)}`;
}

function readLicence(folder, name) {
  for (const file of [
    'license',
    'LICENSE',
    'LICENSE.md',
    'LICENSE.txt',
    'license.md',
    'LICENCE',
    'License.md',
  ]) {
    try {
      return readFileSync(path.join(folder, file), 'utf8');
    } catch {}
  }
  throw new Error(`${name} has no licence file that could be packed`);
}

/**
 * Chunks that are always loaded together are one file: each further one costs a start about 1 ms.
 * `core` is what every command but --version needs, `operations` the documented facts, which
 * help needs too, `work` what a create needs beside got, `connection` the way to a server.
 */
const GROUPS = [
  {
    name: 'operations',
    test: /\/src\/api\/operations\/(?!clients).*\.ts$/,
  },
  {
    name: 'core',
    priority: 1,
    test: /\/commander\/|\/chalk\/|\/src\/(?:command-line|system|errors|settings|version|usage|program|command-tree|help-topics|commands\/plesk\/client\/create|api\/(?:operation|answer|methods|operations\/clients)|completion\/shells|commands\/options|output\/(?:output|cells|json|sanitize|style|wrap))\.ts$/,
  },
  {
    name: 'work',
    test: /\/lossless-json\/|\/src\/(?:input|plesk|call\/(?!raw))|\/src\/(?:session|access|folders|pending|private-files|shell-word|output\/(?:activity|masking))\.ts$|\/src\/api\/(?:failure|failure-words|trace|request|json|refusal|outcome|retry)\.ts$/,
  },
  {
    name: 'connection',
    test: /\/proxy-from-env\/|\/src\/api\/(?:agents|journey|phases)\.ts$/,
  },
];

const output = path.join(root, 'dist');
rmSync(output, { recursive: true, force: true });
const bundle = await rolldown({
  input: { main: path.join(root, 'src/main.ts') },
  platform: 'node',
  plugins: [replaceUnused, takeBuiltins, lighten, collectLicences],
  treeshake: { propertyReadSideEffects: false },
  transform: { define: { __VERSION__: JSON.stringify(version) }, target: 'node20.19' },
  onLog(level, log, handler) {
    if (level === 'warn') throw new Error(log.message);
    handler(level, log);
  },
});
await bundle.write({
  dir: output,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
  minify: true,
  codeSplitting: { groups: GROUPS },
  comments: { legal: false },
});

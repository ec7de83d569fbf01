import { builtinModules } from 'node:module';

const unused = (name) =>
  `const fail = () => { throw new Error('${name} is not part of oxhost'); };
   export default new Proxy(function () {}, { get: (_, key) => (key === Symbol.toPrimitive ? undefined : fail), construct: fail, apply: fail });`;

/**
 * Parts of libraries that oxhost never uses; using one is a bug, so it fails loudly. What each saves,
 * by paired runs: got's HTTP/2 and cache 12 to 30 ms of a create, conf's schemas and migrations 10
 * to 20 ms of a command that reads settings. The traces of DEBUG would print proxy passwords, and
 * the last is not installed.
 */
const UNUSED = {
  'http2-wrapper': unused('http2-wrapper'),
  'cacheable-request': `${unused('cacheable-request')} export class CacheError extends Error {}`,
  'ajv/dist/2020.js': `${unused('ajv')} export class Ajv2020 {}`,
  'ajv-formats': unused('ajv-formats'),
  semver: unused('semver'),
  debug: 'export default () => Object.assign(() => {}, { enabled: false });',
  'proxy-agent-negotiate': 'export const createNegotiateAuth = undefined;',
};

/** What libraries do at every start or request and that is dear, and what is put in its place. */
const LIGHTER = [
  // got's type checks word their complaints with it: 12 ms of a create.
  {
    file: '/@sindresorhus/is/distribution/index.js',
    costly: /new Intl\.ListFormat\([^)]*\)/g,
    plain: "{ format: (items) => [...items].join(', ') }",
  },
  // Of a cache and of Unix sockets, neither of which is used. An object that begins with spreading
  // is a dictionary to V8, in memory that only a full collection frees: 14 kilobytes a request.
  {
    file: '/got/dist/source/core/options.js',
    costly: /\.\.\.internals\.cacheOptions,\s+\.\.\.this\._unixOptions,/,
    plain: '',
  },
];

/** The changes to libraries; one that finds nothing to change fails the build. */
export function patches() {
  const waiting = new Set([...Object.keys(UNUSED), ...LIGHTER.map(({ file }) => file)]);
  return {
    name: 'patches',
    resolveId(id) {
      if (!Object.hasOwn(UNUSED, id)) return null;
      waiting.delete(id);
      return `\0unused:${id}`;
    },
    load: (id) => (id.startsWith('\0unused:') ? UNUSED[id.slice('\0unused:'.length)] : null),
    transform(code, id) {
      const found = LIGHTER.find(({ file }) => id.replaceAll('\\', '/').endsWith(file));
      if (found === undefined) return null;
      const lighter = code.replace(found.costly, found.plain);
      if (lighter !== code) waiting.delete(found.file);
      return { code: lighter, map: null };
    },
    buildEnd() {
      if (waiting.size > 0) throw new Error(`nothing to change: ${[...waiting].join(', ')}`);
    },
  };
}

/**
 * Loaded on first use, 5 to 11 ms: commander has a use for child processes that oxhost has not, and a
 * request by plain HTTP needs none of the others.
 */
const SELDOM_NEEDED = new Set(['node:child_process', 'node:https', 'node:tls', 'node:zlib']);

/**
 * Node's own modules without its module loader, which reads every property of what it loads: that of
 * process opens three streams, that of crypto loads WebCrypto.
 */
export const takeBuiltins = {
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
      const whole = `process.getBuiltinModule('${name}')`;
      const late = `new Proxy({}, { get: (_, key) => ${whole}[key] })`;
      return {
        code: `module.exports = ${SELDOM_NEEDED.has(name) ? late : whole};`,
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

// The main script of the executable: compiles the chunks that a command uses from its assets.
const { getAsset, getRawAsset } = require('node:sea');
const { Script } = require('node:vm');

const assets = new Set(JSON.parse(getAsset('index', 'utf8')));
const loaded = new Map();

function load(name) {
  const known = loaded.get(name);
  if (known !== undefined) return known.module.exports;
  const cached = `${name}.cache`;
  const script = new Script(
    `(function (exports, require, module) {${getAsset(name, 'utf8')}\n})`,
    assets.has(cached)
      ? { filename: name, cachedData: Buffer.from(getRawAsset(cached)) }
      : { filename: name },
  );
  const module = { exports: {} };
  loaded.set(name, { module, script });
  script.runInThisContext().call(module.exports, module.exports, requireFrom, module);
  return module.exports;
}

function requireFrom(id) {
  if (id === 'loaded') return loaded;
  return id.startsWith('./') ? load(id.slice(2)) : require(id);
}

load('run.js');

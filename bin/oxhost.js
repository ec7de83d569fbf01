#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`error: oxhost needs Node.js 20.19 or newer; this is ${process.version}.\n`);
  process.exitCode = 1;
} else {
  keepCompiledCode(process.getBuiltinModule('node:module').enableCompileCache);
  const { main } = await import('../dist/main.js');
  process.exit(await main());
}

/** Only where nobody else can put code for us to run: Node's own folder for it is shared. */
function keepCompiledCode(enable) {
  const { HOME, LOCALAPPDATA, XDG_CACHE_HOME } = process.env;
  const { isAbsolute, join } = process.getBuiltinModule('node:path');
  const { lstatSync, mkdirSync } = process.getBuiltinModule('node:fs');
  const isWindows = process.platform === 'win32';
  const inHome = process.platform === 'darwin' ? 'Library/Caches' : '.cache';
  const places = isWindows ? [LOCALAPPDATA] : [XDG_CACHE_HOME, HOME && join(HOME, inHome)];
  const place = places.find((folder) => folder && isAbsolute(folder));
  if (enable === undefined || place === undefined) return;
  const folder = join(place, 'oxhost');
  const isOurs = ({ uid }) => isWindows || uid === process.getuid();
  try {
    // Under sudo with a user's HOME nothing of root's is left there.
    if (HOME && !isOurs(lstatSync(HOME))) return;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    const isPrivate = isWindows || (found.mode & 0o077) === 0;
    if (found.isDirectory() && isPrivate && isOurs(found)) enable(folder);
  } catch {}
}

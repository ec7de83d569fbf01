// Makes one executable that needs no Node: Node itself, with the bundle as its assets.
// For this platform, or for the one that is given, then without compiled code.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../build.js';

const NODE = '24.21.0';
const POSTJECT = '1.0.0-alpha.6';
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** What most runs do: the code that is compiled for it is kept in the executable. */
const WARM_RUNS = [
  ['--version'],
  ['--help'],
  'plesk client create --sandbox --json --generate-password --name=A --login=client1 --email=a@example.com'.split(
    ' ',
  ),
];

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const here = `${process.platform.replace('win32', 'win')}-${process.arch}`;
const platform = process.argv[2] ?? here;
const ending = (name) => (name.startsWith('win-') ? '.exe' : '');
const work = fs.mkdtempSync(path.join(tmpdir(), 'oxhost-standalone-'));
const inScripts = (name) => path.join(root, 'bin/standalone', name);
const inWork = (...names) => path.join(work, ...names);

function run(command, args, options = {}) {
  const { status, error, stderr, stdout } = spawnSync(command, args, { ...options, stdio: 'pipe' });
  if (status !== 0) throw new Error(`${command} failed: ${error ?? ''}\n${stdout}${stderr}`);
}

/** npm has Node for Linux and Windows; elsewhere it is the one that runs this. */
function installNode(name) {
  if (name.startsWith('darwin')) {
    if (name !== here || !process.version.startsWith('v24.')) {
      throw new Error('the executable for macOS is made there, by Node 24');
    }
    fs.copyFileSync(process.execPath, inWork('node'));
    run('codesign', ['--remove-signature', inWork('node')]);
    return inWork('node');
  }
  npm(`node-${name}@${NODE}`);
  return inWork('node_modules', `node-${name}`, 'bin', `node${ending(name)}`);
}

function npm(...packages) {
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts', '--force'];
  // npm is a script for cmd on Windows.
  run('npm', ['install', '--prefix', work, ...quiet, ...packages], {
    shell: here.startsWith('win'),
  });
}

/** @param script what is run: the tool, or what makes it compile its code. */
function makeExecutable(builder, node, script, result) {
  fs.copyFileSync(inScripts(script), inWork('chunks', 'run.js'));
  const names = fs.readdirSync(inWork('chunks')).filter((name) => /\.(?:js|cache)$/.test(name));
  fs.writeFileSync(inWork('index'), JSON.stringify(names));
  const configuration = {
    main: inScripts('loader.cjs'),
    output: inWork('blob'),
    disableExperimentalSEAWarning: true,
    // NODE_OPTIONS of others do nothing.
    execArgvExtension: 'none',
    useCodeCache: platform === here,
    assets: {
      index: inWork('index'),
      ...Object.fromEntries(names.map((name) => [name, inWork('chunks', name)])),
    },
  };
  fs.writeFileSync(inWork('sea.json'), JSON.stringify(configuration));
  run(builder, ['--experimental-sea-config', inWork('sea.json')]);
  fs.copyFileSync(node, result);
  fs.chmodSync(result, 0o755);
  const injection = [result, 'NODE_SEA_BLOB', inWork('blob'), '--sentinel-fuse', FUSE];
  const segment = platform.startsWith('darwin') ? ['--macho-segment-name', 'NODE_SEA'] : [];
  const postject = inWork('node_modules', 'postject', 'dist', 'cli.js');
  run(process.execPath, [postject, ...injection, ...segment]);
  if (platform.startsWith('darwin')) run('codesign', ['--sign', '-', result]);
}

try {
  npm(`postject@${POSTJECT}`);
  const builder = installNode(here);
  const node = platform === here ? builder : installNode(platform);
  await bundle(inWork('chunks'), 'cjs');
  // Before anything is injected: afterwards it would break the file.
  if (platform === here && here.startsWith('linux')) run('strip', [node]);
  if (platform === here) {
    const warm = inWork(`warm${ending(here)}`);
    makeExecutable(builder, node, 'warm.cjs', warm);
    run(warm, [inWork('chunks'), ...WARM_RUNS.map((words) => JSON.stringify(words))]);
  }
  const result = path.join(root, 'build', `oxhost-${platform}${ending(platform)}`);
  fs.mkdirSync(path.dirname(result), { recursive: true });
  fs.rmSync(result, { force: true });
  makeExecutable(builder, node, 'run.cjs', result);
  console.log(result);
} finally {
  fs.rmSync(work, { recursive: true, force: true });
}

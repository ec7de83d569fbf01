// Makes a Debian package, the same byte for byte from the same sources; prints its path last.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { bundle } from '../build.js';
import { describeTool, sourceDate, writeManPages } from './man.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const { version, description } = JSON.parse(
  fs.readFileSync(path.join(root, 'package.json'), 'utf8'),
);
const date = sourceDate(root);
const stage = fs.mkdtempSync(path.join(tmpdir(), 'oxhost-deb-'));
const MAINTAINER = 'oxhost <oxhost@packages.invalid>';

function write(name, text) {
  const file = path.join(stage, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  return file;
}

const read = (name) => fs.readFileSync(path.join(root, name), 'utf8');

function run(command, args) {
  const options = { encoding: 'utf8', env: { ...process.env, SOURCE_DATE_EPOCH: String(date) } };
  const { status, stdout, stderr, error } = spawnSync(command, args, options);
  if (status !== 0) throw new Error(`${command} failed: ${error ?? ''}\n${stderr}`);
  return stdout;
}

async function writeTool() {
  const script = read('bin/oxhost.js').replace(/^#!.*/, '#!/usr/bin/node');
  const launcher = write('usr/share/oxhost/bin/oxhost.js', script);
  const tool = path.join(stage, 'usr/share/oxhost');
  write('usr/share/oxhost/package.json', `${JSON.stringify({ version, type: 'module' })}\n`);
  await bundle(path.join(tool, 'dist'));
  fs.mkdirSync(path.join(stage, 'usr/bin'));
  fs.symlinkSync('../share/oxhost/bin/oxhost.js', path.join(stage, 'usr/bin/oxhost'));
  return { launcher, licences: path.join(tool, 'dist/LICENSES.txt') };
}

function writeDocuments(launcher, licences) {
  const pages = path.join(stage, 'usr/share/man/man1');
  writeManPages(describeTool(launcher), pages, date);
  for (const name of fs.readdirSync(pages)) {
    const file = path.join(pages, name);
    fs.writeFileSync(`${file}.gz`, gzipSync(fs.readFileSync(file), { level: 9 }));
    fs.rmSync(file);
  }
  const documents = 'usr/share/doc/oxhost';
  write(`${documents}/copyright`, `${read('LICENSE')}\n${fs.readFileSync(licences, 'utf8')}`);
  fs.rmSync(licences);
  const day = new Date(date * 1000).toUTCString().replace('GMT', '+0000');
  const entry = `oxhost (${version}) unstable; urgency=medium\n\n  * Version ${version}.\n\n -- ${MAINTAINER}  ${day}\n`;
  write(`${documents}/changelog.gz`, gzipSync(entry, { level: 9 }));
  for (const [shell, file] of Object.entries({
    bash: 'bash-completion/completions/oxhost',
    zsh: 'zsh/vendor-completions/_oxhost',
    fish: 'fish/vendor_completions.d/oxhost.fish',
  })) {
    write(`usr/share/${file}`, run(process.execPath, [launcher, 'completion', shell]));
  }
}

/** Modes and times, so that neither the person's umask nor the clock is in the package. */
function settle(file) {
  const found = fs.lstatSync(file);
  if (found.isDirectory()) for (const name of fs.readdirSync(file)) settle(path.join(file, name));
  if (!found.isSymbolicLink()) {
    const isExecutable = found.isDirectory() || file.endsWith('/bin/oxhost.js');
    fs.chmodSync(file, isExecutable ? 0o755 : 0o644);
  }
  fs.lutimesSync(file, date, date);
}

function kilobytes(file) {
  const found = fs.lstatSync(file);
  if (!found.isDirectory()) return Math.ceil(found.size / 1024);
  return fs.readdirSync(file).reduce((sum, name) => sum + kilobytes(path.join(file, name)), 1);
}

try {
  const { launcher, licences } = await writeTool();
  writeDocuments(launcher, licences);
  const control = {
    Package: 'oxhost',
    Version: version,
    Architecture: 'all',
    Maintainer: MAINTAINER,
    'Installed-Size': kilobytes(stage),
    Depends: 'nodejs (>= 20.19)',
    Section: 'net',
    Priority: 'optional',
    Description: `${description.split(':')[0].replace('C', 'c')}\n It creates Plesk clients, one or many from a file: each once, never twice.`,
  };
  const lines = Object.entries(control).map(([name, value]) => `${name}: ${value}\n`);
  write('DEBIAN/control', lines.join(''));
  settle(stage);
  const result = path.join(root, 'build', `oxhost_${version}_all.deb`);
  fs.mkdirSync(path.dirname(result), { recursive: true });
  run('dpkg-deb', ['--root-owner-group', '-Zxz', '-z9', '--build', stage, result]);
  console.log(result);
} finally {
  fs.rmSync(stage, { recursive: true, force: true });
}

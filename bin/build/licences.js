import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Everything that is inlined names its licence in the package, and stands in its SBOM. */
export const listLibraries = (tool) => ({
  name: 'list-libraries',
  generateBundle(_options, bundle) {
    const ids = Object.values(bundle).flatMap((chunk) => chunk.moduleIds ?? []);
    const libraries = foldersOf(ids).map(readLibrary);
    const emit = (fileName, source) => this.emitFile({ type: 'asset', fileName, source });
    emit('LICENSES.txt', licences(libraries));
    emit('sbom.cdx.json', `${JSON.stringify(sbom(tool, libraries), null, 1)}\n`);
  },
});

function foldersOf(ids) {
  const folder = /^([^\0]*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//;
  const found = ids.flatMap((id) => folder.exec(id.replaceAll('\\', '/'))?.[1] ?? []);
  return [...new Set(found)].sort();
}

function readLibrary(folder) {
  const { name, version, license } = JSON.parse(
    readFileSync(path.join(folder, 'package.json'), 'utf8'),
  );
  const file = readdirSync(folder).find((it) => /^licen[cs]e(?:\.(?:md|txt))?$/i.test(it));
  if (file === undefined) throw new Error(`${name} has no licence file that could be packed`);
  return { name, version, license, text: readFileSync(path.join(folder, file), 'utf8').trim() };
}

function licences(libraries) {
  const parts = libraries.map(
    ({ name, version, license, text }) => `${name} ${version} (${license})\n\n${text}\n`,
  );
  return `oxhost contains these libraries, each under its own licence.\n\n${parts.join(`\n${'-'.repeat(72)}\n\n`)}`;
}

/** CycloneDX: what is in the bundle, which `npm ls` does not know. */
function sbom(tool, libraries) {
  const component = (type, { name, version, license }) => ({
    type,
    name,
    version,
    licenses: [{ license: { id: license } }],
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
  });
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: component('application', tool) },
    components: libraries.map((library) => component('library', library)),
  };
}

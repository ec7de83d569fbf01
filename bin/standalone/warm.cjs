// Once in the build, in the place of run.cjs: uses the tool, and writes the code compiled for it.
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');

async function warm([folder, ...runs]) {
  const { main } = require('./main.js');
  for (const run of runs) {
    process.argv.splice(2, Infinity, ...JSON.parse(run));
    const code = await main();
    if (code !== 0) return code;
  }
  for (const [name, { script }] of require('loaded')) {
    if (name === 'run.js') continue;
    writeFileSync(join(folder, `${name}.cache`), script.createCachedData());
  }
  return 0;
}

warm(process.argv.slice(2)).then(process.exit, (error) => {
  throw error;
});

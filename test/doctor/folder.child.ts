import { lookAt } from '../../src/doctor/folder.ts';

/** Whether something may be read is decided by who the process really is. */
for (const place of process.argv.slice(2)) {
  process.stdout.write(`${JSON.stringify(await lookAt(place, process.platform))}\n`);
}

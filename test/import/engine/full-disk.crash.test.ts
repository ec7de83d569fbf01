import { describe, expect, test } from 'vitest';
import { createdClient } from '../../support/server.ts';
import { canMountSmallDisk, mountSmallDisk } from '../../support/small-disk.ts';
import { run, startScene } from './scene.ts';

describe.skipIf(!(await canMountSmallDisk()))(
  'on a disk of 64 kB (skipped where mounting is not permitted)',
  () => {
    test.each([0, 1, 2, 3, 5])(
      'that has %i pages left the run ends when it is full, and goes on when there is room',
      async (pages) => {
        await using scene = await startScene(createdClient);
        await using disk = await mountSmallDisk(16);
        const folder = `${disk.path}/job`;
        // The journal itself has to be there.
        await run(folder, scene.server.url, { count: 1 });
        await disk.fillUpTo(pages);
        const first = await run(folder, scene.server.url, { count: 80 });
        expect(first.result.stop).toMatchObject({
          code: 'config_error',
          message: expect.stringContaining('the disk is full'),
        });
        const sent = scene.server.requests.length;
        expect(sent).toBeLessThan(80);
        const said = ['client1', ...first.reports.map(({ login }) => login)];
        expect(said).toEqual(expect.arrayContaining(scene.requested()));

        await disk.empty();
        const second = await run(folder, scene.server.url, { count: 80 });
        expect(second.result.stop).toBeNull();
        const logins = scene.requested();
        expect(new Set(logins).size).toBe(logins.length);
        const missing = second.skipped.filter((reason) => reason === 'unknown').length;
        expect(second.skipped.length + second.reports.length).toBe(80);
        // At most the requests that were out when the disk filled up.
        expect(missing).toBeLessThanOrEqual(4);
      },
    );
  },
);

import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { folderForEachTest } from '../support/folder-for-each-test.ts';
import { answer, createdClient, type Handler, startServer } from '../support/server.ts';
import { canMountSmallDisk, mountSmallDisk } from '../support/small-disk.ts';
import {
  byLogin,
  csvOf,
  importing,
  logins,
  readResults,
  refused,
  rowsOf,
  summaryOf,
} from './files.ts';

const folder = folderForEachTest();

/** Four such answers never fit into what is left of the journal's last page. */
const LONG = 'x'.repeat(900);
const createdAtLength: Handler = (request, response, index) => {
  const data = { ...(request.json as object), id: `${index}${LONG}`, plesk_client_id: '1' };
  return answer(200, { success: true, data })(request, response, index);
};
const refusedAtLength = answer(422, { success: false, message: `Invalid company ${LONG}` });

/** Of four rows in a row, two are created and two are not; what is said of the first four is short. */
const EVEN_REFUSED = Object.fromEntries(
  logins(20).map((login, index) => {
    if (index % 2 === 1) return [login, index < 4 ? refused : refusedAtLength];
    return [login, index < 4 ? createdClient : createdAtLength];
  }),
);
const NEXT = 'but that could not be recorded; the next run will call it unknown.';

describe.skipIf(!(await canMountSmallDisk()))(
  'answers that come after the disk is full (skipped where mounting is not permitted)',
  () => {
    /** Four requests are out together before any of them is answered, and then the disk is full. */
    function onceFull(fill: () => Promise<void>): Handler {
      let waiting: (() => void)[] = [];
      return async (...call) => {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          if (waiting.length < 4) return;
          const all = waiting;
          waiting = [];
          void fill().then(() => {
            for (const answerNow of all) answerNow();
          });
        });
        await byLogin(EVEN_REFUSED)(...call);
      };
    }

    test.each([[[]], [['--json']]])(
      'are in the results, and reported one by one: %j',
      async (form) => {
        await using disk = await mountSmallDisk(16);
        await using server = await startServer(onceFull(() => disk.fillUpTo(0)));
        const list = importing(folder, server.url);
        await list.write(csvOf(...logins(20)));
        const results = folder.join('results.csv');
        const places = ['--journal', `${disk.path}/job`, '--results', results];
        const result = await list.run([...places, '--concurrency', '4', ...form]);
        expect(result.exitCode).toBe(1);
        expect(result.stderr).toContain('disk is full');

        const said = new RegExp(`(client\\d+) (was created|is rejected)[^"\\n]*${NEXT}`, 'g');
        const lost = [...result.stderr.matchAll(said)].map(([, login, what]) => ({ login, what }));
        // The journal's last page took some of the answers, and then none of the rest.
        expect(lost.map(({ what }) => what).sort()).toEqual(
          expect.arrayContaining(['is rejected', 'was created']),
        );
        const lines = readResults(await readFile(results, 'utf8'));
        for (const { login, what } of lost) {
          const { status, id, message } = lines.find((line) => line['login'] === login) ?? {};
          if (what === 'was created') {
            // No reason, whatever the journal says of the row.
            expect([status, message]).toEqual(['created', '']);
            expect(id).not.toBe('');
            expect(result.stderr).toContain(`${login} was created (id ${id}), ${NEXT}`);
          } else {
            expect([status, id]).toEqual(['rejected', '']);
            expect(message).toContain('Invalid company');
          }
        }
        expect(lines).toHaveLength(20);
        if (form.length === 0) return;
        const count = (status: string) => lines.filter((line) => line['status'] === status).length;
        expect(summaryOf(result)).toMatchObject({
          created: count('created'),
          rejected: count('rejected'),
          unknown: 0,
          results,
        });
        expect(rowsOf(result)).toHaveLength(server.requests.length);
        expect(result.error).toMatchObject({ attempts: server.requests.length });
      },
    );
  },
);

import { existsSync } from 'node:fs';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { temporaryFolder } from './temporary.ts';

test('the folder is new, private, and gone afterwards with all that is in it', async () => {
  let path: string;
  {
    await using folder = await temporaryFolder();
    await using other = await temporaryFolder();
    expect(other.path).not.toBe(folder.path);
    path = folder.path;
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    await mkdir(folder.join('a', 'b'), { recursive: true });
    await writeFile(folder.join('a', 'b', 'file'), 'x');
    expect(existsSync(folder.join('a', 'b', 'file'))).toBe(true);
  }
  expect(existsSync(path)).toBe(false);
});

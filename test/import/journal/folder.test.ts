import { expect, test } from 'vitest';
import { isNetworkFileSystem } from '../../../src/import/journal/folder.ts';

/** Numbers from statfs(2). */
test.each([
  ['NFS', 0x6969, true],
  ['SMB 1', 0x517b, true],
  ['CIFS', 0xff534d42, true],
  ['CIFS, where the number is signed', 0xff534d42 | 0, true],
  ['SMB 2', 0xfe534d42, true],
  ['ext4', 0xef53, false],
  ['tmpfs', 0x01021994, false],
  ['Btrfs', 0x9123683e, false],
])('%s is a network drive: %#x, %s', (_, type, expected) => {
  expect(isNetworkFileSystem(type)).toBe(expected);
});

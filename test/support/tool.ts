import { cp, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { runProcess } from './process.ts';
import { temporaryFolder } from './temporary.ts';

const root = path.resolve(import.meta.dirname, '../..');

declare module 'vitest' {
  interface ProvidedContext {
    runtime: string;
    launcher: string;
  }
}

/**
 * Builds the tool once for all tests that need it in a process, in a folder of its own: no other
 * build can pull it away meanwhile.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const executable = process.env['OXHOST_TEST_EXECUTABLE'];
  if (executable) {
    project.provide('runtime', '/usr/bin/env');
    project.provide('launcher', executable);
    return async () => {};
  }
  const folder = await temporaryFolder();
  await cp(path.join(root, 'bin'), folder.join('bin'), { recursive: true });
  for (const name of ['src', 'node_modules', 'package.json', 'LICENSE']) {
    await symlink(path.join(root, name), folder.join(name));
  }
  const built = await runProcess(process.execPath, [folder.join('bin', 'build.js')]);
  if (built.exitCode !== 0) throw new Error(`the build failed:\n${built.stderr}`);
  project.provide('runtime', process.execPath);
  project.provide('launcher', folder.join('bin', 'oxhost.js'));
  return () => rm(folder.path, { recursive: true, force: true });
}

/** What runs the launcher: Node, or, where the standalone executable is tested, nothing to speak of. */
export const toolRuntime = (): string => inject('runtime');
export const runsOnNode = (): boolean => toolRuntime() === process.execPath;

/** The tool's launcher, to be run by `toolRuntime()`; for tests of the projects process and crash. */
export const builtTool = (): string => inject('launcher');

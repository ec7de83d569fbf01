import { cp, symlink } from 'node:fs/promises';
import path from 'node:path';
import { runProcess } from '../support/process.ts';
import { temporaryFolder } from '../support/temporary.ts';

const root = path.resolve(import.meta.dirname, '../..');

export interface BuiltTool extends AsyncDisposable {
  /** The launcher, to be run by Node. */
  readonly launcher: string;
  close(): Promise<void>;
}

/** Builds the tool in a folder of its own, so that no other build can pull it away meanwhile. */
export async function buildTool(): Promise<BuiltTool> {
  const folder = await temporaryFolder();
  await cp(path.join(root, 'bin'), folder.join('bin'), { recursive: true });
  for (const name of ['src', 'node_modules', 'package.json', 'LICENSE']) {
    await symlink(path.join(root, name), folder.join(name));
  }
  const built = await runProcess(process.execPath, [folder.join('bin', 'build.js')]);
  if (built.exitCode !== 0) throw new Error(`the build failed:\n${built.stderr}`);
  return {
    launcher: folder.join('bin', 'oxhost.js'),
    close: folder.close,
    [Symbol.asyncDispose]: folder.close,
  };
}

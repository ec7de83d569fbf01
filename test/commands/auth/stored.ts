import { runOxhost } from '../../support/run.ts';
import { type TemporaryFolder, temporaryFolder } from '../../support/temporary.ts';

export interface StoredKeys extends TemporaryFolder {
  /** For `runOxhost`. */
  readonly env: { readonly OXHOST_CONFIG_DIR: string };
  readonly file: string;
}

export const keyOf = (profile: string) => `sekret-key-of-${profile}-0123456789`;

/** A folder of settings with a key in each of the profiles; the last one is the current one. */
export async function storedKeys(...profiles: string[]): Promise<StoredKeys> {
  const folder = await temporaryFolder();
  const env = { OXHOST_CONFIG_DIR: folder.join('config') };
  for (const profile of profiles) {
    const args = [
      'auth',
      'login',
      '--key-stdin',
      '--profile',
      profile,
      '--user',
      `user-${profile}`,
    ];
    const { exitCode, stderr } = await runOxhost(args, { env, stdin: keyOf(profile) });
    if (exitCode !== 0) throw new Error(stderr);
  }
  return { ...folder, env, file: folder.join('config', 'config.json') };
}

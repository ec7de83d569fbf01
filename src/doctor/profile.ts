import type { Settings } from '../settings.ts';
import { noProfile } from '../store/access.ts';
import type { Store } from '../store/config.ts';
import { type Finding, failure, ok, skipped, warning } from './finding.ts';

/** Which profile, and who says so. Pure. */
export function profileFinding(
  store: Store,
  settings: Pick<Settings, 'profile' | 'profileIsExplicit' | 'sandbox'>,
): Finding {
  const name = 'profile';
  if (settings.sandbox) return skipped(name, 'The sandbox needs none.');
  const { profile, profileIsExplicit } = settings;
  if (profile !== null) {
    if (!Object.hasOwn(store.profiles, profile)) {
      const names = Object.keys(store.profiles).join(', ');
      return names === ''
        ? failure(name, noProfile(profile))
        : { ...failure(name, noProfile(profile)), hint: `There are: ${names}.` };
    }
    const by = profileIsExplicit ? '--profile' : 'OXHOST_PROFILE';
    return ok(name, `${profile}, because ${by} names it.`);
  }
  if (store.current === null) return ok(name, 'There is no current profile.');
  if (!Object.hasOwn(store.profiles, store.current)) {
    return warning(
      name,
      `The current profile "${store.current}" does not exist.`,
      'Choose another with oxhost auth switch, or store a key with oxhost auth login.',
    );
  }
  return ok(name, `${store.current}, the current one.`);
}

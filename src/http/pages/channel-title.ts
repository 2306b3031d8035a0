/** How a page calls a number. */
import type { NamedChannel } from '#ports/store.ts';

/** `+49 30 1234 · Acme GmbH`, as far as it is known; the name that we call it by otherwise. */
export function channelTitle({ name, names }: NamedChannel): string {
  const known = [names.displayNumber, names.verifiedName].filter((part) => part !== null);
  return known.length === 0 ? name : known.join(' · ');
}

/** Fills an empty store with a fleet, as an import of that many numbers would leave it: unread. */
import { Secret } from '#domain/secret.ts';
import type { Credential } from '#domain/credential.ts';
import { systemClock } from '#app/system-clock.ts';
import { systemRandomness } from '#app/system-randomness.ts';
import { createIds } from '#app/uuid-ids.ts';
import type { Store } from '#ports/store.ts';
import { numberIdOf, tokenOf } from './world.ts';
import type { WorldSize } from './world.ts';

const STEP = 500;

export async function seedFleet(
  store: Store,
  { numbers, tokens }: WorldSize,
  intervalMs: number,
): Promise<void> {
  const ids = createIds({ clock: systemClock, randomness: systemRandomness });
  const now = systemClock.now();
  const credentials = Array.from({ length: tokens }, (_, at): Credential => ({
    id: ids.next('cr'),
    name: `token-${at}`,
    upstream: 'graph',
    appId: null,
    billedBy: 'meta',
    secretHint: '',
    createdAt: now,
    rotatedAt: now,
  }));
  for (let from = 0; from < tokens; from += STEP) {
    await store.change(async (tx) => {
      for (const [at, credential] of credentials.slice(from, from + STEP).entries()) {
        await tx.credentials.add(credential, new Secret(tokenOf(from + at)));
      }
    });
  }
  for (let from = 0; from < numbers; from += STEP) {
    await store.change(async (tx) => {
      for (let at = from; at < Math.min(numbers, from + STEP); at += 1) {
        const credential = credentials[Math.floor((at * tokens) / numbers)];
        if (credential === undefined) throw new Error(`number ${at} has no token`);
        await tx.channels.add({
          id: ids.next('ch'),
          name: `number-${at}`,
          externalId: null,
          upstream: 'graph',
          credentialId: credential.id,
          nodeId: numberIdOf(at),
          labels: {},
          checkIntervalMs: intervalMs,
          intervalMs,
          pausedAt: null,
          identity: null,
          createdAt: now,
          updatedAt: now,
          archivedAt: null,
        });
      }
    });
  }
}

/** Bytes that look random and are the same in each run. */
import { createHash } from 'node:crypto';
import type { Randomness } from '#ports/ids.ts';

export function createFakeRandomness(seed: string = 'waba-health'): Randomness {
  let drawn = 0;
  return {
    bytes(count) {
      const chunks: Buffer[] = [];
      for (let have = 0; have < count; have += 32) {
        drawn += 1;
        chunks.push(createHash('sha256').update(`${seed} ${drawn}`).digest());
      }
      return new Uint8Array(Buffer.concat(chunks).subarray(0, count));
    },
  };
}

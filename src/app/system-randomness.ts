/** Randomness fit for secrets, from the operating system. */
import { randomBytes } from 'node:crypto';
import type { Randomness } from '#ports/ids.ts';

export const systemRandomness: Randomness = { bytes: (count) => randomBytes(count) };

import type { Ratchet } from './size-rules.ts';

/** Files over the limit of lines, with their length: empty, and it should stay so. */
export const RATCHET: Ratchet = {};

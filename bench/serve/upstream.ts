/** The simulator as a process of its own, and the little of its control interface that we use. */
import { join } from 'node:path';
import { z } from 'zod';
import { start } from '#bench/child.ts';

const NUMBERS = 100_000;

export interface SimulatedUpstream {
  /** Base URLs of the two upstreams. */
  readonly graph: string;
  readonly dialog360: string;
  /** Two 360dialog keys. */
  readonly keys: readonly string[];
  /** A Graph token that may read every number. */
  readonly token: string;
  numberIds(count: number): readonly string[];
  /** How many nodes were read so far. */
  reads(): Promise<number>;
  /** Lets every read with this key take `ms`. */
  delay(key: string, ms: number): Promise<void>;
  stop(): Promise<void>;
}

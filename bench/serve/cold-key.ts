/** Ten thousand requests at one moment on a key whose channel was never read: one upstream read, no error. */
import { join } from 'node:path';
import { z } from 'zod';
import { LOAD_CORE, run } from '#bench/child.ts';
import type { Installation } from './installation.ts';

/** The upstream takes its time, so that all requests are there before it answers. */
const UPSTREAM_DELAY_MS = 1_000;
/** Descriptors that a server needs beside its connections. */
const DESCRIPTORS_SPARE = 500;

const RESULT = z.object({ statuses: z.record(z.string(), z.int()), seconds: z.number() });

/** Measures, and says the result in one line. */
export async function measureColdKey(installation: Installation, wanted: number): Promise<string> {
  const allowed = await descriptorsMax();
  const connections = Math.min(wanted, allowed - DESCRIPTORS_SPARE);
  const target = await installation.addColdChannel(UPSTREAM_DELAY_MS);
  const before = await installation.upstreamReads();
  const script = join(import.meta.dirname, '..', 'load', 'ask-at-once.ts');
  const output = await run([process.execPath, script], {
    core: LOAD_CORE,
    input: JSON.stringify({ ...target, connections }),
  });
  const { statuses, seconds } = RESULT.parse(JSON.parse(output));
  const reads = (await installation.upstreamReads()) - before;
  const errors = connections - (statuses['200'] ?? 0);
  const lowered =
    connections < wanted ? ` (not ${wanted}: only ${allowed} descriptors allowed)` : '';
  return (
    `cold key: ${connections} concurrent requests${lowered}, ${errors} errors, ` +
    `${reads} upstream reads of ${UPSTREAM_DELAY_MS} ms, all answered after ${seconds.toFixed(2)} s`
  );
}

async function descriptorsMax(): Promise<number> {
  const limit = (await run(['sh', '-c', 'ulimit -Hn'])).trim();
  return limit === 'unlimited' ? Number.MAX_SAFE_INTEGER : Number(limit);
}

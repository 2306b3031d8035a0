/** How long after its start a server of many channels gives its first answer. */
import { residentMiB } from '#bench/process-time.ts';
import { median } from '#bench/median.ts';
import type { Installation } from './installation.ts';

const STARTS = 3;

/** Measures, and says the result in one line. */
export async function measureFirstAnswer(
  installation: Installation,
  channels: number,
): Promise<string> {
  await installation.addChannels(channels);
  const times: number[] = [];
  for (let count = 0; count < STARTS; count += 1) times.push(await installation.restart());
  const memory = residentMiB(installation.pid);
  return (
    `start: ${channels} channels, first answer after ${median(times).toFixed(0)} ms ` +
    `(median of ${STARTS}), ${memory?.toFixed(0) ?? 'unknown'} MiB resident`
  );
}

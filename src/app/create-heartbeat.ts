/** The heartbeat that the options wish for. */
import type { ServerOptions } from '#config/options.ts';
import { createHeartbeat } from '#notifiers/heartbeat/heartbeat.ts';
import { createWayOut } from '#notifiers/transport/way-out.ts';
import type { Heartbeat } from '#ports/heartbeat.ts';
import { systemClock } from './system-clock.ts';

type HeartbeatOptions = Pick<
  ServerOptions,
  'heartbeatUrl' | 'heartbeatUrlFile' | 'proxy' | 'noProxy' | 'caFile'
>;

/** Null where none is wished for. */
export function heartbeatOf(options: HeartbeatOptions): Heartbeat | null {
  const url = options.heartbeatUrl ?? options.heartbeatUrlFile;
  if (url === null) return null;
  const wayOut = createWayOut({
    clock: systemClock,
    proxy: options.proxy,
    noProxy: options.noProxy,
    extraCa: options.caFile.map((file) => new TextDecoder().decode(file.bytes)),
    // Whoever starts the process says where it goes, as with the upstreams: often a host of their own.
    allowPrivate: true,
  });
  return createHeartbeat(wayOut, url);
}

/** A heartbeat as a POST to an address that is itself the secret, such as a check of healthchecks.io. */
import type { Secret } from '#domain/secret.ts';
import { sendResultOf } from '#notifiers/transport/send-result.ts';
import type { WayOut } from '#notifiers/transport/way-out.ts';
import type { Heartbeat } from '#ports/heartbeat.ts';

/** Any 2xx is taken for heard. */
export function createHeartbeat(wayOut: WayOut, url: Secret): Heartbeat {
  return {
    async ping(signal) {
      const posted = await wayOut.post({ url: url.reveal(), body: '{}', secrets: [], signal });
      const result = sendResultOf(posted);
      return result.outcome === 'delivered' ? null : result.detail;
    },
  };
}

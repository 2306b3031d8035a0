import type { ClientCommand } from '#cli/client-command.ts';
import { PLUGIN_EXIT_CODES } from '#cli/exit-code.ts';
import { concernsOf } from '#cli/text/fleet-concerns.ts';
import { fleetText } from '#cli/text/fleet-text.ts';
import type { FleetStatus } from '#cli/text/fleet-text.ts';

export const status: ClientCommand = {
  signature: 'status',
  summary:
    'Show the fleet on one screen. Exit code 0 all can send, 1 some are limited or are read late or ' +
    'less often, 2 some are blocked, 3 some are unseen or the server cannot be asked.',
  async run({ client, terminal }) {
    const { body } = await client.getStatus();
    const text = fleetText(body, terminal);
    return { json: body, text, exitCode: statusExitCode(body) };
  },
};

/** The worst of it counts, in the order of the lattice; what is the matter with watching comes last. */
export function statusExitCode(fleet: FleetStatus): number {
  const { channels } = fleet;
  if (channels.blocked > 0) return PLUGIN_EXIT_CODES.BLOCKED;
  if (channels.limited > 0) return PLUGIN_EXIT_CODES.LIMITED;
  if (channels.unknown > 0) return PLUGIN_EXIT_CODES.UNKNOWN;
  return concernsOf(fleet).length > 0 ? PLUGIN_EXIT_CODES.LIMITED : PLUGIN_EXIT_CODES.AVAILABLE;
}

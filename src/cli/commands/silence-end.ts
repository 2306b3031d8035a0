import type { ClientCommand } from '#cli/client-command.ts';
import { UsageError } from '#cli/usage-error.ts';

export const silenceEnd: ClientCommand = {
  signature: 'end <silence-id>',
  summary: 'End a silence now; what is still open is told.',
  prepare([id = '']) {
    if (/^sil_[0-9a-z]{26}$/.test(id)) return;
    throw new UsageError(
      'Give the id of the silence (sil_…): "waba-health silences list" shows it.',
    );
  },
  async run({ client, args: [id = ''] }) {
    const { body } = await client.endSilence({ params: { id } });
    return { json: body, text: `${id} has ended: what it matched and is still open is told.` };
  },
};

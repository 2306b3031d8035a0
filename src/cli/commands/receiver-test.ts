import type { Answer } from '#api/call.ts';
import type { ClientCommand } from '#cli/client-command.ts';
import { EXIT_OK, EXIT_REFUSED } from '#cli/exit-code.ts';
import { durationFlag } from '#cli/flags.ts';
import { attemptsText, fateText } from '#cli/text/delivery-text.ts';
import { inert } from '#cli/text/inert.ts';

type Delivery = Answer<'getDelivery'>['body'];

const POLL_MS = 500;
const TIMEOUT_MS = 60_000;

export const receiverTest: ClientCommand = {
  signature: 'test <receiver>',
  summary: 'Send a test message the way that all messages go, and tell how it went.',
  configure(command) {
    command.option('--timeout <duration>', 'How long to wait for the result. Default: 1m.');
  },
  prepare(_args, flags) {
    durationFlag(flags, 'timeout', 1000);
  },
  async run({ client, terminal, args: [ref = ''], flags }) {
    const timeoutMs = durationFlag(flags, 'timeout', 1000) ?? TIMEOUT_MS;
    let { body: delivery }: { body: Delivery } = await client.testReceiver({ params: { ref } });
    const params = { id: delivery.id };
    for (let waited = 0; waited < timeoutMs && !isTried(delivery); waited += POLL_MS) {
      await terminal.pause(POLL_MS);
      delivery = (await client.getDelivery({ params })).body;
    }
    const isTaken = delivery.state === 'delivered';
    return {
      json: delivery,
      text: [resultText(delivery, timeoutMs), attemptsText(delivery)].join('\n').trimEnd(),
      exitCode: isTaken ? EXIT_OK : EXIT_REFUSED,
    };
  },
};

/** One attempt says enough: whoever asks sits before it. */
function isTried({ state, attempts }: Delivery): boolean {
  return state !== 'pending' || attempts.length > 0;
}

function resultText(delivery: Delivery, timeoutMs: number): string {
  const name = inert(delivery.receiver.name);
  if (delivery.state === 'delivered') return `${name} took the test message.`;
  if (delivery.state !== 'pending') {
    return `${name} did not take it, and it is not sent again: ${inert(delivery.reason)}`;
  }
  if (delivery.attempts.length > 0) return `${name} did not take it: ${fateText(delivery)}.`;
  return (
    `Nothing has sent it within ${timeoutMs / 1000} s: does a server with the role deliver run? ` +
    `Look again: waba-health deliveries show ${delivery.id}`
  );
}

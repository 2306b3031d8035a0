/** A receiver's service that takes, refuses or hangs as a test says, and remembers what it was sent. */
import type { Message } from '#domain/telling/message.ts';
import type { Notifier, Notifiers, SendResult, Sending } from '#ports/notifier.ts';
import type { ReceiverKind } from '#domain/telling/receiver.ts';

export interface FakeNotifier extends Notifier {
  /** Every attempt, in the order in which they came. */
  readonly sent: readonly Sending[];
  /** What the service took, by the id of the delivery: the first message, and how often it came. */
  readonly ledger: ReadonlyMap<string, { readonly message: Message; readonly times: number }>;
  /** From now on each attempt gets what this gives. */
  answers(reply: (sending: Sending) => SendResult | Promise<SendResult>): void;
  /** Writes it into the ledger: what it took, whatever it answers then. */
  takes(sending: Sending): void;
}

export const TAKEN: SendResult = { outcome: 'delivered', status: 200, reference: null };
export const AWAY: SendResult = { outcome: 'transient', status: 503, detail: 'answered 503' };

type Reply = (sending: Sending) => SendResult | Promise<SendResult>;

function takesAll(): SendResult {
  return TAKEN;
}

export function createFakeNotifier(
  about: Partial<Pick<Notifier, 'kind' | 'repeat' | 'keepsState'>> = {},
): FakeNotifier {
  const sent: Sending[] = [];
  const ledger = new Map<string, { message: Message; times: number }>();
  let reply: Reply = takesAll;
  function takes({ id, message }: Sending): void {
    const known = ledger.get(id);
    ledger.set(id, { message: known?.message ?? message, times: (known?.times ?? 0) + 1 });
  }
  return {
    kind: 'webhook',
    fields: [],
    repeat: null,
    keepsState: false,
    ...about,
    sent,
    ledger,
    answers(next) {
      reply = next;
    },
    takes,
    check: () => [],
    hint: () => 'fake',
    async send(sending) {
      sent.push(sending);
      const result = await reply(sending);
      if (result.outcome === 'delivered') takes(sending);
      return result;
    },
  };
}

/** One of each kind; those that are not given are plain ones. */
export function fakeNotifiers(...given: readonly FakeNotifier[]): Notifiers {
  const of = (kind: ReceiverKind) =>
    given.find((one) => one.kind === kind) ?? createFakeNotifier({ kind });
  return {
    webhook: of('webhook'),
    slack: of('slack'),
    pagerduty: of('pagerduty'),
    email: of('email'),
    alertmanager: of('alertmanager'),
    teams: of('teams'),
    template: of('template'),
  };
}

/** Notifiers that send nothing anywhere: they take what looks right, and tell what they were given to send. */
import type { ReceiverKind, ReceiverSecrets } from '#domain/telling/receiver.ts';
import { RECEIVER_KINDS } from '#domain/telling/receiver.ts';
import type { Notifier, Notifiers, ReceiverField, Sending, SendResult } from '#ports/notifier.ts';

export interface FakeNotifiers extends Notifiers {
  /** What was sent, in order. */
  readonly sent: readonly Sending[];
  /** Says how the next sendings end; delivered unless said otherwise. */
  answers(answer: (sending: Sending) => SendResult): void;
}

const DELIVERED: SendResult = { outcome: 'delivered', status: 200, reference: null };

/** Every message is taken. */
function takeAll(_sending: Sending): SendResult {
  return DELIVERED;
}

const setting = (name: string, what: string, isRequired = true): ReceiverField => {
  return { name, what, isSecret: false, isRequired };
};
const secret = (name: string, what: string, isRequired = true): ReceiverField => {
  return { name, what, isSecret: true, isRequired };
};

const FIELDS: Readonly<Record<ReceiverKind, readonly ReceiverField[]>> = {
  webhook: [
    setting('url', 'the URL that is posted to'),
    secret('signing_secret', 'the secret that signs messages'),
  ],
  slack: [secret('url', 'the URL of the incoming webhook')],
  pagerduty: [secret('routing_key', 'the integration key')],
  email: [
    setting('host', 'the mail server'),
    setting('to', 'the addresses'),
    secret('user', 'the user of the mail server', false),
    secret('password', 'the password of the mail server', false),
  ],
  alertmanager: [
    setting('urls', 'the URLs of all peers'),
    secret('authorization', 'the Authorization header', false),
  ],
  teams: [secret('url', 'the URL of the workflow')],
  template: [secret('url', 'the URL'), setting('body', 'the template')],
};

export function createFakeNotifiers(): FakeNotifiers {
  const sent: Sending[] = [];
  let answer = takeAll;
  const notifierOf = (kind: ReceiverKind): Notifier => ({
    kind,
    fields: FIELDS[kind],
    repeat: null,
    keepsState: false,
    check: (settings, secrets) => missing(kind, { ...settings, ...secrets }),
    hint: (settings, secrets) => hintOf(settings, secrets),
    send(sending) {
      sent.push(sending);
      return Promise.resolve(answer(sending));
    },
  });
  const all = RECEIVER_KINDS.map((kind) => [kind, notifierOf(kind)]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- built key by key from the kinds
  const notifiers = Object.fromEntries(all) as Notifiers;
  return {
    ...notifiers,
    sent,
    answers(next) {
      answer = next;
    },
  };
}

function missing(kind: ReceiverKind, given: Readonly<Record<string, string>>): readonly string[] {
  return FIELDS[kind]
    .filter(({ name, isRequired }) => isRequired && (given[name] ?? '') === '')
    .map(({ name, what }) => `${name} is missing: ${what}.`);
}

function hintOf(settings: Readonly<Record<string, string>>, secrets: ReceiverSecrets): string {
  const [first = ''] = Object.values(settings);
  const [own = ''] = Object.values(secrets);
  return `${first} …${own.slice(-4)}`.trim();
}

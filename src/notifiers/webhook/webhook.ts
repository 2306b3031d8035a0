/** A signed webhook after Standard Webhooks 1.0.0: for programs, with everything that the message knows. */
import type { Message } from '#domain/telling/message.ts';
import type { Notifier, ReceiverField, Sending } from '#ports/notifier.ts';
import { fieldProblems } from '#notifiers/transport/field-problems.ts';
import { fitJson } from '#notifiers/transport/fit.ts';
import { linesOf, pageOf, plainText, titleOf } from '#notifiers/transport/message-text.ts';
import { sendResultOf } from '#notifiers/transport/send-result.ts';
import { targetHint, targetProblem } from '#notifiers/transport/target.ts';
import type { WayOut } from '#notifiers/transport/way-out.ts';
import { secretProblem, signatureOf } from './signature.ts';

const FIELDS: readonly ReceiverField[] = [
  {
    name: 'url',
    what: 'the address that takes the webhook',
    isSecret: true,
    isRequired: true,
  },
  {
    name: 'signing_secret',
    what: 'the secret that signs it, whsec_ and the base64 of 24 to 64 random bytes',
    isSecret: true,
    isRequired: true,
  },
  {
    name: 'previous_signing_secret',
    what: 'the secret before, which signs as well until it is taken away',
    isSecret: true,
    isRequired: false,
  },
];

/** The specification asks for less than 20 kB. */
const BODY_BYTES_MAX = 19_999;

export function createWebhook(out: WayOut): Notifier {
  return {
    kind: 'webhook',
    fields: FIELDS,
    repeat: null,
    keepsState: false,
    check(settings, secrets) {
      const { url, signing_secret: signing, previous_signing_secret: previous } = secrets;
      return [
        ...fieldProblems(FIELDS, { settings, secrets }),
        url ? targetProblem(url, 'url') : null,
        signing ? secretProblem(signing, 'signing_secret') : null,
        previous ? secretProblem(previous, 'previous_signing_secret') : null,
      ].filter((problem) => problem !== null);
    },
    hint: (_settings, { url = '' }) => targetHint(url),
    async send(sending) {
      const { secrets, signal, at } = sending;
      const {
        url = '',
        signing_secret: signing = '',
        previous_signing_secret: previous = '',
      } = secrets;
      const keys = [signing, previous].filter((key) => key !== '');
      const body = webhookBody(sending);
      const seconds = Math.floor(at / 1000);
      const id = sending.id.replaceAll('.', '-');
      const headers = {
        'webhook-id': id,
        'webhook-timestamp': String(seconds),
        'webhook-signature': signatureOf({ id, seconds, body }, keys),
      };
      return sendResultOf(
        await out.post({ url, body, headers, secrets: Object.values(secrets), signal }),
      );
    },
  };
}

/** The fullest form that is small enough. What was left out is said in `cut`. */
function webhookBody({ message, isPlain }: Sending): string {
  if (isPlain) return fitJson([() => envelope(message, plainData(message))], BODY_BYTES_MAX);
  const forms = [
    { channels: Number.POSITIVE_INFINITY, characters: 1_000 },
    { channels: 10, characters: 1_000 },
    { channels: 3, characters: 250 },
    { channels: 0, characters: 100 },
  ];
  return fitJson(
    [
      ...forms.map((form) => () => envelope(message, fullData(message, form))),
      () => envelope(message, plainData(message)),
    ],
    BODY_BYTES_MAX,
  );
}

function envelope({ kind, at }: Message, data: object): object {
  return { type: kind, timestamp: new Date(at).toISOString(), data };
}

function fullData(message: Message, most: { channels: number; characters: number }): object {
  const { incident, severity, phase, dedupKey: key, labels } = message;
  const channels = incident?.channels.slice(0, most.channels) ?? [];
  const isCut = channels.length < (incident?.channels.length ?? 0) || most.characters < 1_000;
  return {
    title: titleOf(message),
    lines: linesOf(message, most.characters),
    link: pageOf(message),
    severity,
    phase,
    key,
    labels,
    incident: incident === null ? null : { ...incident, channels },
    cut: isCut,
  };
}

function plainData(message: Message): object {
  const { severity, phase, dedupKey: key } = message;
  return {
    title: titleOf(message),
    text: plainText(message, 3_000),
    severity,
    phase,
    key,
    cut: true,
  };
}

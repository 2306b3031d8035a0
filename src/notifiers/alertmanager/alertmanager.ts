/**
 * Prometheus Alertmanager, API v2. It forgets an alert that is not told again, so what fires is told every minute,
 * and its end for five more; each peer of a cluster is told, as its documentation asks.
 */
import type { Notifier, ReceiverField, SendResult } from '#ports/notifier.ts';
import { fieldProblems } from '#notifiers/transport/field-problems.ts';
import { sendResultOf } from '#notifiers/transport/send-result.ts';
import { below, targetProblem } from '#notifiers/transport/target.ts';
import type { WayOut } from '#notifiers/transport/way-out.ts';
import { alertsBody } from './alerts-body.ts';

const FIELDS: readonly ReceiverField[] = [
  {
    name: 'urls',
    what: 'the addresses of all peers, divided by commas: http://alertmanager-0:9093, …',
    isSecret: false,
    isRequired: true,
  },
  {
    name: 'authorization',
    what: 'what the Authorization header says, where a proxy before it wants one: Bearer …',
    isSecret: true,
    isRequired: false,
  },
];

const PEERS_MAX = 10;
const REPEAT = { everyMs: 60_000, afterEndMs: 300_000 };

export function createAlertmanager(out: WayOut): Notifier {
  return {
    kind: 'alertmanager',
    fields: FIELDS,
    repeat: REPEAT,
    keepsState: true,
    check(settings, secrets) {
      const peers = peersOf(settings);
      const { authorization = '' } = secrets;
      return [
        ...fieldProblems(FIELDS, { settings, secrets }),
        ...peers.map((peer, index) => targetProblem(peer, `urls, address ${index + 1},`)),
        peers.length > PEERS_MAX ? `urls has more than ${PEERS_MAX} addresses.` : null,
        /^[\x20-\x7e]*$/.test(authorization) ? null : 'authorization must be visible ASCII.',
      ].filter((problem) => problem !== null);
    },
    hint: (settings) =>
      peersOf(settings)
        .map((peer) => URL.parse(peer)?.host ?? '')
        .join(', '),
    async send({ message, isPlain, receiver, secrets, signal, at }) {
      const body = alertsBody({ message, isPlain, at });
      const { authorization = '' } = secrets;
      const headers: Record<string, string> = authorization === '' ? {} : { authorization };
      const results = await Promise.all(
        peersOf(receiver.settings).map(async (peer) => {
          const url = below(peer, '/api/v2/alerts');
          const about = { headers, secrets: Object.values(secrets), signal };
          return sendResultOf(await out.post({ url, body, ...about }));
        }),
      );
      return togetherOf(results);
    },
  };
}

function peersOf({ urls = '' }: Readonly<Record<string, string>>): readonly string[] {
  return urls
    .split(',')
    .map((url) => url.trim())
    .filter((url) => url !== '');
}

/** One peer that has it is enough: peers tell each other, and the next repetition asks all again. */
function togetherOf(results: readonly SendResult[]): SendResult {
  const delivered = results.filter(({ outcome }) => outcome === 'delivered');
  const [first] = delivered;
  if (first !== undefined) {
    const reference = `${delivered.length} of ${results.length} peers`;
    return { outcome: 'delivered', status: first.status, reference };
  }
  const hopeful = ['throttled', 'transient', 'payload', 'config'] as const;
  const worst = hopeful.flatMap((outcome) => results.filter((one) => one.outcome === outcome));
  return worst[0] ?? { outcome: 'config', status: null, detail: 'urls names no address.' };
}

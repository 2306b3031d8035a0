/** PagerDuty, Events API v2: an incident triggers one alert by its key and resolves it. */
import type { Notifier, ReceiverField } from '#ports/notifier.ts';
import { fieldProblems } from '#notifiers/transport/field-problems.ts';
import { sendResultOf } from '#notifiers/transport/send-result.ts';
import { below, targetProblem } from '#notifiers/transport/target.ts';
import type { WayOut } from '#notifiers/transport/way-out.ts';
import { pagerdutyEvent } from './pagerduty-event.ts';

const BASE_URL = 'https://events.pagerduty.com';

const FIELDS: readonly ReceiverField[] = [
  {
    name: 'routing_key',
    what: "the integration key of the service's Events API v2 integration, 32 letters and digits",
    isSecret: true,
    isRequired: true,
  },
  {
    name: 'base_url',
    what: `${BASE_URL} unless told otherwise; https://events.eu.pagerduty.com in the EU`,
    isSecret: false,
    isRequired: false,
  },
];

export function createPagerduty(out: WayOut): Notifier {
  return {
    kind: 'pagerduty',
    fields: FIELDS,
    repeat: null,
    keepsState: true,
    check(settings, secrets) {
      const { routing_key: key } = secrets;
      const isKey = !key || /^[A-Za-z0-9]{32}$/.test(key);
      return [
        ...fieldProblems(FIELDS, { settings, secrets }),
        isKey
          ? null
          : 'routing_key must be 32 letters and digits: an Events API v2 integration key.',
        settings['base_url'] ? targetProblem(settings['base_url'], 'base_url') : null,
      ].filter((problem) => problem !== null);
    },
    hint(settings, { routing_key: key = '' }) {
      const host = URL.parse(settings['base_url'] || BASE_URL)?.host ?? '';
      return key.length >= 16 ? `${host} …${key.slice(-4)}` : host;
    },
    async send({ message, isPlain, receiver, secrets, signal }) {
      const { path, body } = pagerdutyEvent(message, isPlain, secrets['routing_key'] ?? '');
      const url = below(receiver.settings['base_url'] || BASE_URL, path);
      const posted = await out.post({ url, body, secrets: Object.values(secrets), signal });
      return sendResultOf(posted, {
        referenceIn: ({ dedup_key: key }) => (typeof key === 'string' ? key : null),
        // The key is the only part of an event that a 400 can blame on the receiver.
        configTroubleIn: (text) =>
          /routing.?key|integration key/i.test(text) ? 'The routing_key is not accepted.' : null,
      });
    },
  };
}

/** Slack, through an incoming webhook: Block Kit, with a text for notifications. */
import type { Notifier, ReceiverField } from '#ports/notifier.ts';
import { fieldProblems } from '#notifiers/transport/field-problems.ts';
import { sendResultOf } from '#notifiers/transport/send-result.ts';
import { targetHint, targetProblem } from '#notifiers/transport/target.ts';
import type { WayOut } from '#notifiers/transport/way-out.ts';
import { slackBody } from './slack-body.ts';

const FIELDS: readonly ReceiverField[] = [
  {
    name: 'url',
    what: 'the address of the incoming webhook, https://hooks.slack.com/services/…',
    isSecret: true,
    isRequired: true,
  },
];

/** Words of a 400 that no other message would change. */
const CONFIG_WORDS = /no_team|no_service|invalid_token|channel_not_found|posting_to_general/;

export function createSlack(out: WayOut): Notifier {
  return {
    kind: 'slack',
    fields: FIELDS,
    repeat: null,
    keepsState: false,
    check(settings, secrets) {
      const problem = secrets['url'] ? targetProblem(secrets['url'], 'url') : null;
      return [...fieldProblems(FIELDS, { settings, secrets }), ...(problem ? [problem] : [])];
    },
    hint: (_settings, { url = '' }) => targetHint(url),
    async send({ message, isPlain, secrets, signal }) {
      const { url = '' } = secrets;
      const body = slackBody(message, isPlain);
      const posted = await out.post({ url, body, secrets: Object.values(secrets), signal });
      return sendResultOf(posted, {
        configTroubleIn: (text) =>
          CONFIG_WORDS.test(text) ? 'The webhook or its channel is gone.' : null,
      });
    },
  };
}

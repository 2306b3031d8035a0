/** Microsoft Teams, through a Workflows webhook. The Office 365 connectors before it are gone. */
import type { Notifier, ReceiverField } from '#ports/notifier.ts';
import { fieldProblems } from '#notifiers/transport/field-problems.ts';
import { sendResultOf } from '#notifiers/transport/send-result.ts';
import { targetHint, targetProblem } from '#notifiers/transport/target.ts';
import type { WayOut } from '#notifiers/transport/way-out.ts';
import { teamsBody } from './teams-body.ts';

const FIELDS: readonly ReceiverField[] = [
  {
    name: 'url',
    what: 'the address of the workflow "when a webhook request is received", with its sig',
    isSecret: true,
    isRequired: true,
  },
];

export function createTeams(out: WayOut): Notifier {
  return {
    kind: 'teams',
    fields: FIELDS,
    repeat: null,
    keepsState: false,
    check(settings, secrets) {
      const { url } = secrets;
      return [
        ...fieldProblems(FIELDS, { settings, secrets }),
        url ? (targetProblem(url, 'url') ?? retiredProblem(url)) : null,
      ].filter((problem) => problem !== null);
    },
    hint: (_settings, { url = '' }) => targetHint(url),
    /** A workflow answers 202 before it posts: taken is not yet shown. */
    async send({ message, isPlain, secrets, signal }) {
      const { url = '' } = secrets;
      const body = teamsBody(message, isPlain);
      return sendResultOf(await out.post({ url, body, secrets: Object.values(secrets), signal }));
    },
  };
}

function retiredProblem(url: string): string | null {
  const { hostname } = new URL(url);
  return /(^|\.)(webhook\.office\.com|outlook\.office\.com)$/.test(hostname)
    ? 'url is of an Office 365 connector, and Microsoft has retired those: make a workflow with a webhook trigger.'
    : null;
}

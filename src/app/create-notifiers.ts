/**
 * All kinds of receivers, a line each: the registry. It stands here because it is the only place that knows them all;
 * the kinds do not know each other.
 */
import { createAlertmanager } from '#notifiers/alertmanager/alertmanager.ts';
import { createEmail } from '#notifiers/email/email.ts';
import { createPagerduty } from '#notifiers/pagerduty/pagerduty.ts';
import { createSlack } from '#notifiers/slack/slack.ts';
import { createTeams } from '#notifiers/teams/teams.ts';
import { createTemplate } from '#notifiers/template/template.ts';
import { checked } from '#notifiers/transport/checked.ts';
import { createWayOut } from '#notifiers/transport/way-out.ts';
import type { WayOutOptions } from '#notifiers/transport/way-out.ts';
import { createWebhook } from '#notifiers/webhook/webhook.ts';
import type { Notifiers } from '#ports/notifier.ts';

/** Throws Problem `cannot_start` when an option cannot be used. */
export function createNotifiers(options: WayOutOptions): Notifiers {
  const out = createWayOut(options);
  return {
    webhook: checked(createWebhook(out)),
    slack: checked(createSlack(out)),
    pagerduty: checked(createPagerduty(out)),
    email: checked(createEmail(out)),
    alertmanager: checked(createAlertmanager(out)),
    teams: checked(createTeams(out)),
    template: checked(createTemplate(out)),
  };
}

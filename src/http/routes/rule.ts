import type { Answer, Input } from '#api/call.ts';
import type { ReceiverId } from '#domain/id.ts';
import type { Rule } from '#domain/telling/rule.ts';
import { pageOfAll } from '#http/all-pages.ts';
import { cursorOf, pageRequestOf } from '#http/cursor.ts';
import { dryRun } from '#monitor/telling/dry-run.ts';
import type { RuleWish } from '#monitor/telling/put-rule.ts';
import { putRule, removeRule } from '#monitor/telling/put-rule.ts';
import { decisionView } from './decision-view.ts';
import { receiverLinks } from './delivery-view.ts';
import type { Handlers } from './handler.ts';
import { found, timestampOf } from './handler.ts';
import { matchersOf, matchersView } from './matchers-view.ts';
import type { Link } from './names.ts';

export const ruleRoutes: Handlers<'listRules' | 'getRule' | 'putRule' | 'removeRule' | 'tryRules'> =
  {
    async listRules({ query }, { monitor }) {
      const request = pageRequestOf(query);
      return monitor.deps.store.read(async (view) => {
        const { items, next } = pageOfAll(await view.rules.all(), request);
        const links = await receiverLinks(view);
        const body = {
          items: items.map((one) => ruleView(one, links)),
          next_cursor: cursorOf(next),
        };
        return { status: 200, body };
      });
    },

    async getRule({ params: { ref } }, { monitor }) {
      return monitor.deps.store.read(async (view) => {
        const rule = found(await view.rules.find(ref), 'rule', ref);
        return { status: 200, body: ruleView(rule, await receiverLinks(view)) };
      });
    },

    async putRule({ params: { ref }, body }, { monitor: { deps } }) {
      const { rule, created } = await putRule(deps, ref, wishOf(body));
      const links = await deps.store.read(receiverLinks);
      return { status: created ? 201 : 200, body: ruleView(rule, links) };
    },

    async removeRule({ params: { ref } }, { monitor: { deps } }) {
      await removeRule(deps, ref);
      return { status: 204, body: undefined };
    },

    async tryRules({ body: { incident: ref, rule } }, { monitor: { deps } }) {
      const tried = rule === null ? null : { ...wishOf(rule), name: rule.name };
      const { incident, decisions } = await dryRun(deps, ref, { rule: tried });
      const links = await deps.store.read(receiverLinks);
      const body = {
        incident: { id: incident.id, number: incident.number },
        items: decisions.map((one) => decisionView(one, links)),
      };
      return { status: 200, body };
    },
  };

function wishOf(body: Input<'putRule'>['body']): RuleWish {
  return {
    match: matchersOf(body.match),
    receivers: body.receivers,
    groupMs: body.group_seconds * 1000,
    remindAfterMs: msOf(body.remind_after_seconds),
    remindEveryMs: msOf(body.remind_every_seconds),
    isEnabled: body.is_enabled,
  };
}

function msOf(seconds: number | null): number | null {
  return seconds === null ? null : seconds * 1000;
}

function secondsOf(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms / 1000);
}

function ruleView(rule: Rule, links: ReadonlyMap<ReceiverId, Link>): Answer<'getRule'>['body'] {
  return {
    id: rule.id,
    name: rule.name,
    match: matchersView(rule.match),
    receivers: rule.receivers.map((id) => links.get(id) ?? { id, name: id }),
    group_seconds: Math.round(rule.groupMs / 1000),
    remind_after_seconds: secondsOf(rule.remindAfterMs),
    remind_every_seconds: secondsOf(rule.remindEveryMs),
    is_enabled: rule.isEnabled,
    created_at: timestampOf(rule.createdAt),
    updated_at: timestampOf(rule.updatedAt),
  };
}

/** A rule for a person. */
import type { Answer } from '#api/call.ts';
import { durationText } from '#config/duration.ts';
import { factsText } from './facts.ts';
import { matchersText } from './matchers-text.ts';

type Rule = Answer<'getRule'>['body'];

export function ruleText(rule: Rule): string {
  const { remind_after_seconds: after, remind_every_seconds: every } = rule;
  return factsText({
    Name: rule.name,
    Id: rule.id,
    Matches: matchersText(rule.match),
    Tells: rule.receivers.map(({ name }) => name).join(', '),
    Groups:
      rule.group_seconds === 0 ? 'nothing' : `what happens within ${text(rule.group_seconds)}`,
    Reminds:
      after === null
        ? 'never'
        : `after ${text(after)}${every === null ? '' : `, then every ${text(every)}`}`,
    State: rule.is_enabled ? 'in use' : 'not in use',
    Added: rule.created_at,
    Updated: rule.updated_at,
  });
}

function text(seconds: number): string {
  return durationText(seconds * 1000);
}

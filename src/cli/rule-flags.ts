/** The flags that say what a rule is: of one that is put, and of one that is only tried. */
import type { Command } from 'commander';
import type { Request } from '#api/call.ts';
import { durationMsOf } from '#config/duration.ts';
import type { Flags } from './connect.ts';
import { collected, durationFlag, hasFlag, textFlag } from './flags.ts';
import { addMatchFlag, matchFlags } from './matcher-flags.ts';
import { UsageError } from './usage-error.ts';

export type RuleWish = Request<'putRule'>['body'];

export function addRuleFlags(command: Command): void {
  addMatchFlag(command);
  command
    .option('--to <receiver>', 'Who is told; can be given again.', collected)
    .option('--group <duration>', 'What happens within this time is one message. Default: none.')
    .option('--remind-after <duration>', 'The first reminder, or never. Default: 4h.')
    .option('--remind-every <duration>', 'The further ones, or never. Default: 24h.')
    .option('--disabled', 'Keep the rule, and do not use it.');
}

/** Throws UsageError for what no flag can mean. */
export function ruleFlags(flags: Flags): RuleWish {
  const to = flags['to'];
  const receivers = Array.isArray(to) ? to.map(String) : [];
  if (receivers.length === 0) throw new UsageError('--to <receiver> is needed: who is to be told.');
  const match = matchFlags(flags);
  const groupMs = durationFlag(flags, 'group', 0);
  const after = reminderFlag(flags, 'remindAfter');
  const every = reminderFlag(flags, 'remindEvery');
  return {
    receivers,
    ...(match === null ? {} : { match }),
    ...(groupMs === undefined ? {} : { group_seconds: Math.round(groupMs / 1000) }),
    ...(after === undefined ? {} : { remind_after_seconds: after }),
    ...(every === undefined ? {} : { remind_every_seconds: every }),
    is_enabled: !hasFlag(flags, 'disabled'),
  };
}

/** Whether any flag says something of a rule. */
export function hasRuleFlags(flags: Flags): boolean {
  return Array.isArray(flags['to']) || Array.isArray(flags['match']);
}

const LEAST_S = 300;

/** In seconds; null for never. */
function reminderFlag(
  flags: Flags,
  name: 'remindAfter' | 'remindEvery',
): number | null | undefined {
  const text = textFlag(flags, name);
  if (text === undefined) return undefined;
  if (text === 'never') return null;
  const ms = durationMsOf(text);
  if (ms !== null && ms >= LEAST_S * 1000) return Math.round(ms / 1000);
  const flag = name === 'remindAfter' ? '--remind-after' : '--remind-every';
  throw new UsageError(`${flag} must be a duration of at least 5m, such as 4h, or never.`);
}

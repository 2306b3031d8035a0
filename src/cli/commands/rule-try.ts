import type { ClientCommand } from '#cli/client-command.ts';
import { textFlag } from '#cli/flags.ts';
import { addRuleFlags, hasRuleFlags, ruleFlags } from '#cli/rule-flags.ts';
import { decisionsText } from '#cli/text/why-text.ts';
import { UsageError } from '#cli/usage-error.ts';

/** What a rule is called that nobody stores. */
const UNNAMED = 'tried';

export const ruleTry: ClientCommand = {
  signature: 'try <incident>',
  summary: 'Tell who would hear of an incident, and why not: by the rules, or with another one.',
  configure(command) {
    command.option('--name <rule>', 'The rule in whose place the given one is tried.');
    addRuleFlags(command);
  },
  prepare(_args, flags) {
    if (hasRuleFlags(flags)) ruleFlags(flags);
    else if (textFlag(flags, 'name') !== undefined) {
      throw new UsageError('--name needs a rule to try: give it with --to and --match.');
    }
  },
  async run({ client, terminal, args: [incident = ''], flags }) {
    const rule = hasRuleFlags(flags)
      ? { ...ruleFlags(flags), name: textFlag(flags, 'name') ?? UNNAMED }
      : null;
    const { body } = await client.tryRules({ body: { incident, rule } });
    const head = `Incident ${body.incident.number}, if it were told now (nobody is told):`;
    const text =
      body.items.length === 0
        ? 'There are no receivers, so that nobody would hear.'
        : `${head}\n${decisionsText(body.items, terminal.width)}`;
    return { json: body, text };
  },
};

import type { ClientCommand } from '#cli/client-command.ts';
import { addRuleFlags, ruleFlags } from '#cli/rule-flags.ts';
import { ruleText } from '#cli/text/rule-text.ts';

export const rulePut: ClientCommand = {
  signature: 'put <name>',
  summary:
    'Add a rule or replace it: who hears of what. Receivers that it names hear by rules alone.',
  configure: addRuleFlags,
  prepare(_args, flags) {
    ruleFlags(flags);
  },
  async run({ client, args: [name = ''], flags }) {
    const { body, status } = await client.putRule({
      params: { ref: name },
      body: ruleFlags(flags),
    });
    const done = status === 201 ? 'was added' : 'was replaced';
    const next = 'See what it does: waba-health rules try <incident>';
    return { json: body, text: `Rule ${body.name} ${done}.\n${ruleText(body)}\n${next}` };
  },
};

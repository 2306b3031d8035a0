import type { ClientCommand } from '#cli/client-command.ts';
import { ruleText } from '#cli/text/rule-text.ts';

export const ruleShow: ClientCommand = {
  signature: 'show <rule>',
  summary: 'Show a rule, by name or id.',
  async run({ client, args: [ref = ''] }) {
    const { body } = await client.getRule({ params: { ref } });
    return { json: body, text: ruleText(body) };
  },
};

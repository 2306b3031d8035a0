/** The commands about incidents and about who is told of them. */
import type { ClientCommand } from './client-command.ts';
import { deliveryList } from './commands/delivery-list.ts';
import { deliveryReplay } from './commands/delivery-replay.ts';
import { deliveryShow } from './commands/delivery-show.ts';
import { incidentAck } from './commands/incident-ack.ts';
import { incidentEvidence } from './commands/incident-evidence.ts';
import { incidentList } from './commands/incident-list.ts';
import { incidentResolve } from './commands/incident-resolve.ts';
import { incidentShow } from './commands/incident-show.ts';
import { incidentWhy } from './commands/incident-why.ts';
import { receiverList } from './commands/receiver-list.ts';
import { receiverPut } from './commands/receiver-put.ts';
import { receiverRemove } from './commands/receiver-remove.ts';
import { receiverRotate } from './commands/receiver-rotate.ts';
import { receiverShow } from './commands/receiver-show.ts';
import { receiverTest } from './commands/receiver-test.ts';
import { ruleList } from './commands/rule-list.ts';
import { rulePut } from './commands/rule-put.ts';
import { ruleRemove } from './commands/rule-remove.ts';
import { ruleShow } from './commands/rule-show.ts';
import { ruleTry } from './commands/rule-try.ts';
import { silenceAdd } from './commands/silence-add.ts';
import { silenceEnd } from './commands/silence-end.ts';
import { silenceList } from './commands/silence-list.ts';

export const TELLING_NOUNS: Readonly<
  Record<string, { about: string; verbs: readonly ClientCommand[] }>
> = {
  incidents: {
    about: 'Causes that keep channels from sending or from being seen.',
    verbs: [
      incidentList,
      incidentShow,
      incidentAck,
      incidentResolve,
      incidentWhy,
      incidentEvidence,
    ],
  },
  receivers: {
    about: 'Where messages go.',
    verbs: [receiverPut, receiverList, receiverShow, receiverTest, receiverRotate, receiverRemove],
  },
  rules: {
    about: 'Who hears of which incidents.',
    verbs: [rulePut, ruleList, ruleShow, ruleTry, ruleRemove],
  },
  silences: {
    about: 'For a while nobody is told; planned work.',
    verbs: [silenceAdd, silenceList, silenceEnd],
  },
  deliveries: {
    about: 'What was sent, what was not, and why.',
    verbs: [deliveryList, deliveryShow, deliveryReplay],
  },
};

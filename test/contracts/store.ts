/**
 * Every promise of `ports/store.ts`, for one engine. Each engine's own test runs it over its own
 * `open`, and adds only what is about that engine.
 */
import { suite } from 'node:test';
import { accessContract } from '#test/contracts/store/access.ts';
import { apiKeysContract } from '#test/contracts/store/api-keys.ts';
import { budgetsContract } from '#test/contracts/store/budgets.ts';
import { channelEntitiesContract } from '#test/contracts/store/channel-entities.ts';
import { channelListContract } from '#test/contracts/store/channel-list.ts';
import { channelsContract } from '#test/contracts/store/channels.ts';
import { checksContract } from '#test/contracts/store/checks.ts';
import { claimsModelContract } from '#test/contracts/store/claims-model.ts';
import { fleetContract } from '#test/contracts/store/fleet.ts';
import { historyContract } from '#test/contracts/store/history.ts';
import { incidentCountsContract } from '#test/contracts/store/incident-counts.ts';
import { incidentListContract } from '#test/contracts/store/incident-list.ts';
import { incidentMembersContract } from '#test/contracts/store/incident-members.ts';
import { incidentsContract } from '#test/contracts/store/incidents.ts';
import { claimsOfDeliveriesContract } from '#test/contracts/store/delivery-claims.ts';
import { deliveryTimesContract } from '#test/contracts/store/delivery-times.ts';
import { outboxContract } from '#test/contracts/store/outbox.ts';
import { ownDuesContract } from '#test/contracts/store/own-dues.ts';
import { pruningContract } from '#test/contracts/store/pruning.ts';
import type { OpenStore } from '#test/contracts/store/harness.ts';
import { profilesContract } from '#test/contracts/store/profiles.ts';
import { receiversContract } from '#test/contracts/store/receivers.ts';
import { removalContract } from '#test/contracts/store/removal.ts';
import { rulesContract } from '#test/contracts/store/rules.ts';
import { seenNumbersContract } from '#test/contracts/store/seen-numbers.ts';
import { silencesContract } from '#test/contracts/store/silences.ts';
import { signsContract } from '#test/contracts/store/signs.ts';
import { tokenFactsContract } from '#test/contracts/store/token-facts.ts';
import { scheduleContract } from '#test/contracts/store/schedule.ts';
import { scanContract } from '#test/contracts/store/scans.ts';
import { signalsContract } from '#test/contracts/store/signals.ts';
import { transitionListContract } from '#test/contracts/store/transition-list.ts';
import { talliesContract } from '#test/contracts/store/tallies.ts';
import { transactionsContract } from '#test/contracts/store/transactions.ts';

export function storeContract(name: string, open: OpenStore): void {
  suite(`${name} keeps its transactions`, () => transactionsContract(open));
  suite(`${name} keeps apps and credentials`, () => accessContract(open));
  suite(`${name} keeps channels`, () => channelsContract(open));
  suite(`${name} lists channels`, () => channelListContract(open));
  suite(`${name} knows who names what`, () => channelEntitiesContract(open));
  suite(`${name} keeps what checks saw`, () => checksContract(open));
  suite(`${name} counts the fleet`, () => fleetContract(open));
  suite(`${name} keeps claims apart`, () => claimsModelContract(open));
  suite(`${name} keeps API keys`, () => apiKeysContract(open));
  suite(`${name} keeps profiles`, () => profilesContract(open));
  suite(`${name} keeps what tokens are`, () => tokenFactsContract(open));
  suite(`${name} keeps the numbers that can be seen`, () => seenNumbersContract(open));
  suite(`${name} keeps the schedule`, () => scheduleContract(open));
  suite(`${name} keeps budgets`, () => budgetsContract(open));
  suite(`${name} keeps history`, () => historyContract(open));
  suite(`${name} finds history`, () => transitionListContract(open));
  suite(`${name} erases old history`, () => pruningContract(open));
  suite(`${name} scans`, () => scanContract(open));
  suite(`${name} removes what is to be removed`, () => removalContract(open));
  suite(`${name} keeps incidents`, () => incidentsContract(open));
  suite(`${name} keeps signs`, () => signsContract(open));
  suite(`${name} counts incidents`, () => incidentCountsContract(open));
  suite(`${name} keeps who is in an incident`, () => incidentMembersContract(open));
  suite(`${name} finds incidents`, () => incidentListContract(open));
  suite(`${name} keeps webhooks and signals`, () => signalsContract(open));
  suite(`${name} keeps tallies of reads`, () => talliesContract(open));
  suite(`${name} keeps receivers`, () => receiversContract(open));
  suite(`${name} keeps rules`, () => rulesContract(open));
  suite(`${name} keeps silences`, () => silencesContract(open));
  suite(`${name} keeps the outbox`, () => outboxContract(open));
  suite(`${name} hastens what is owed`, () => deliveryTimesContract(open));
  suite(`${name} tells of what is due`, () => ownDuesContract(open));
  suite(`${name} claims deliveries`, () => claimsOfDeliveriesContract(open));
}

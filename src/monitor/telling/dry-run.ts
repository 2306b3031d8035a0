/** A dry run: who would hear of an incident as it stands, by which rule, and why not. Nobody is told. */
import type { ReceiverId } from '#domain/id.ts';
import type { Incident } from '#domain/incidents/incident.ts';
import { Problem } from '#domain/problem.ts';
import type { DeliveryState } from '#domain/telling/delivery.ts';
import type { Urgency } from '#domain/telling/receiver.ts';
import type { Rule } from '#domain/telling/rule.ts';
import type { Deps } from '#monitor/deps.ts';
import type { StoreView } from '#ports/store.ts';
import type { Decided } from './decisions.ts';
import { audienceOf, decisionsAbout } from './decisions.ts';
import type { RuleWish } from './put-rule.ts';
import { unsavedRule } from './put-rule.ts';

/** What would be decided about one receiver. */
export interface TriedDecision {
  readonly receiverId: ReceiverId;
  readonly urgency: Urgency;
  /** `pending` where it would be told. */
  readonly state: DeliveryState;
  readonly rule: string | null;
  readonly reason: string;
}

/** Throws Problem `not_found` (the incident, or a receiver of the rule). */
export async function dryRun(
  deps: Pick<Deps, 'store' | 'ids' | 'clock'>,
  ref: string,
  { rule: wish }: { readonly rule: (RuleWish & { readonly name: string }) | null },
): Promise<{ readonly incident: Incident; readonly decisions: readonly TriedDecision[] }> {
  return deps.store.scan(async (view) => {
    const incident = await view.incidents.find(ref);
    if (incident === null) throw new Problem('not_found', `There is no incident ${ref}.`);
    const unsaved = wish === null ? null : await unsavedRule(view, deps, wish);
    return { incident, decisions: await triedDecisions(view, deps, { incident, unsaved }) };
  });
}

/**
 * The decisions about every receiver, as if it were opened now. `unsaved` takes the place of the rule with its
 * name.
 */
export async function triedDecisions(
  view: StoreView,
  { clock }: Pick<Deps, 'clock'>,
  about: { readonly incident: Incident; readonly unsaved?: Rule | null },
): Promise<readonly TriedDecision[]> {
  const { incident, unsaved = null } = about;
  const at = clock.now();
  const audience = await audienceOf(view, at);
  const rules = unsaved === null ? audience.rules : withRule(audience.rules, unsaved);
  const event = { incident, kind: 'opened', at } as const;
  const decided = await decisionsAbout(view, event, { ...audience, rules });
  return decided.map(triedDecision);
}

/** In the order of names, in which the first that matches counts. */
function withRule(rules: readonly Rule[], unsaved: Rule): readonly Rule[] {
  const others = rules.filter(({ name }) => name !== unsaved.name);
  return [...others, unsaved].toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

function triedDecision({ receiver, decision }: Decided): TriedDecision {
  return {
    receiverId: receiver.id,
    urgency: receiver.urgency,
    state: decision.isTold ? 'pending' : 'withheld',
    rule: decision.isTold ? decision.rule : null,
    reason: decision.reason,
  };
}

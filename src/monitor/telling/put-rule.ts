/** Adds a rule or replaces it; removes it. */
import type { ReceiverId } from '#domain/id.ts';
import { Problem } from '#domain/problem.ts';
import type { Rule } from '#domain/telling/rule.ts';
import type { Deps } from '#monitor/deps.ts';
import { requireName } from '#monitor/name-check.ts';
import type { StoreView } from '#ports/store.ts';
import { RULES_MAX } from '#ports/telling.ts';
import { requireReceiver } from './put-receiver.ts';

/** A rule as it is wanted; its receivers by name or id. */
export interface RuleWish extends Omit<
  Rule,
  'id' | 'name' | 'receivers' | 'createdAt' | 'updatedAt'
> {
  readonly receivers: readonly string[];
}

/** Throws Problem `invalid_request`, `not_found` (a receiver), `conflict` (too many rules). */
export async function putRule(
  { store, clock, ids }: Pick<Deps, 'store' | 'clock' | 'ids'>,
  name: string,
  wish: RuleWish,
): Promise<{ readonly rule: Rule; readonly created: boolean }> {
  requireName(name);
  return store.change(async (tx) => {
    const now = clock.now();
    const existing = await tx.rules.find(name);
    const receivers = await receiversOf(tx, wish.receivers);
    if (existing !== null) {
      const rule = { ...existing, ...wish, receivers, updatedAt: now };
      await tx.rules.replace(rule);
      return { rule, created: false };
    }
    if ((await tx.rules.all()).length >= RULES_MAX) {
      throw new Problem('conflict', `There are ${RULES_MAX} rules already; remove one first.`);
    }
    const rule = { ...wish, id: ids.next('rule'), name, receivers, createdAt: now, updatedAt: now };
    await tx.rules.add(rule);
    return { rule, created: true };
  });
}

/** A rule that is not stored, as `putRule` would make it of this wish. Throws Problem `not_found`. */
export async function unsavedRule(
  view: StoreView,
  { ids, clock }: Pick<Deps, 'ids' | 'clock'>,
  { name, ...wish }: RuleWish & { readonly name: string },
): Promise<Rule> {
  const now = clock.now();
  const receivers = await receiversOf(view, wish.receivers);
  return { ...wish, id: ids.next('rule'), name, receivers, createdAt: now, updatedAt: now };
}

async function receiversOf(
  view: Pick<StoreView, 'receivers'>,
  refs: readonly string[],
): Promise<readonly ReceiverId[]> {
  const found = new Set<ReceiverId>();
  for (const ref of refs) found.add((await requireReceiver(view, ref)).id);
  return [...found];
}

/** Throws Problem `not_found`. */
export async function removeRule({ store }: Pick<Deps, 'store'>, ref: string): Promise<void> {
  await store.change(async (tx) => {
    const rule = await tx.rules.find(ref);
    if (rule === null) throw new Problem('not_found', `There is no rule ${ref}.`);
    await tx.rules.remove(rule.id);
  });
}

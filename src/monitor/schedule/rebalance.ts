/**
 * Where channels need more reads than their budget has, all their intervals are stretched by the same
 * factor: fairer than reading some and not others. Looked at once a minute, in small steps.
 */
import { stretchFor } from '#domain/budget.ts';
import type { Deps } from '#monitor/deps.ts';
import type { Budget } from '#ports/budgets.ts';
import type { BucketLoad } from '#ports/schedule.ts';

const PAGE = 200;
const STEP = 500;
/** Smaller differences are not worth the writes. */
const STRETCH_STEP = 0.05;

/** Looks at every bucket once. Throws Problem `store_unavailable`. */
export async function rebalance(deps: Deps): Promise<void> {
  let after: string | null = null;
  for (;;) {
    const page = { after, limit: PAGE };
    const { loads, budgets } = await loadsWithBudgets(deps, page);
    for (const load of loads) {
      const budget = budgets.get(load.bucket);
      if (budget !== undefined) await balance(deps, load, budget);
    }
    after = loads.at(-1)?.bucket ?? null;
    if (loads.length < PAGE || after === null) return;
  }
}

function loadsWithBudgets(
  { store }: Deps,
  page: { readonly after: string | null; readonly limit: number },
) {
  return store.read(async (view) => {
    const loads = await view.schedule.loads(page);
    const found = await view.budgets.findMany(loads.map(({ bucket }) => bucket));
    return { loads, budgets: new Map(found.map((budget) => [budget.bucket, budget])) };
  });
}

async function balance({ store }: Deps, load: BucketLoad, known: Budget): Promise<void> {
  const { bucket, readsPerHour } = load;
  const wanted = stretchFor(known.perHour, readsPerHour);
  const isSame =
    Math.abs(wanted - known.stretch) < STRETCH_STEP && wanted > 1 === known.stretch > 1;
  const stretch = isSame ? known.stretch : wanted;
  const isKnown = Math.abs(known.neededPerHour - readsPerHour) < 1;
  if (!isSame || !isKnown) {
    await store.change((tx) => tx.budgets.learn(bucket, { stretch, neededPerHour: readsPerHour }));
  }
  if (stretch === 1 && isSame) return;
  const about = { stretch, limit: STEP };
  while ((await store.change((tx) => tx.schedule.stretch(bucket, about))) >= STEP) {
    // A step at a time, so that others get their turn.
  }
}

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
    const fits = loads.flatMap((load) => fitOf(load, budgets.get(load.bucket)) ?? []);
    const news = fits.filter(({ isNews }) => isNews);
    if (news.length > 0) {
      await deps.store.change(async (tx) => {
        for (const { bucket, facts } of news) await tx.budgets.learn(bucket, facts);
      });
    }
    for (const { bucket, facts, isStretched } of fits) {
      if (isStretched) await stretchAll(deps, bucket, facts.stretch);
    }
    after = loads.at(-1)?.bucket ?? null;
    if (loads.length < PAGE || after === null) return;
  }
}

function loadsWithBudgets(
  { store }: Deps,
  page: { readonly after: string | null; readonly limit: number },
) {
  // It looks at every channel: nothing for the thread that answers clients.
  return store.scan(async (view) => {
    const loads = await view.schedule.loads(page);
    const found = await view.budgets.findMany(loads.map(({ bucket }) => bucket));
    return { loads, budgets: new Map(found.map((budget) => [budget.bucket, budget])) };
  });
}

interface Fit {
  readonly bucket: string;
  readonly facts: { readonly stretch: number; readonly neededPerHour: number };
  /** Whether something is to be written down. */
  readonly isNews: boolean;
  /** Whether paces differ from intervals, or did until now. */
  readonly isStretched: boolean;
}

/** How a load fits its budget; null where nothing was asked for yet, so that there is none. */
function fitOf({ bucket, readsPerHour }: BucketLoad, known: Budget | undefined): Fit | null {
  if (known === undefined) return null;
  const wanted = stretchFor(known.perHour, readsPerHour);
  const isSame =
    Math.abs(wanted - known.stretch) < STRETCH_STEP && wanted > 1 === known.stretch > 1;
  const stretch = isSame ? known.stretch : wanted;
  const neededPerHour = Math.round(readsPerHour);
  return {
    bucket,
    facts: { stretch, neededPerHour },
    isNews: !isSame || known.neededPerHour !== neededPerHour,
    isStretched: stretch > 1 || known.stretch > 1,
  };
}

async function stretchAll({ store }: Deps, bucket: string, stretch: number): Promise<void> {
  const about = { stretch, limit: STEP };
  while ((await store.change((tx) => tx.schedule.stretch(bucket, about))) >= STEP) {
    // A step at a time, so that others get their turn.
  }
}

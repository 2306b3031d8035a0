/**
 * Where channels need more reads than their budget has, all their intervals are stretched by the same
 * factor: fairer than reading some and not others. Looked at once a minute, in small steps.
 */
import { perHourOf, stretchFor } from '#domain/budget.ts';
import type { Deps } from '#monitor/deps.ts';
import type { Budget } from '#ports/budgets.ts';
import type { BucketLoad } from '#ports/schedule.ts';

const PAGE = 200;
const STEP = 500;
/** Smaller differences are not worth the writes. */
const STRETCH_STEP = 0.05;
/** Meta counts over an hour: so long a reported use holds. */
const REPORT_LIFE_MS = 3_600_000;
const NOTHING_REPORTED = { percent: null, reportedAt: null } as const;

/** Looks at every bucket once. Throws Problem `store_unavailable`. */
export async function rebalance(deps: Deps): Promise<void> {
  const loaded = new Set<string>();
  let after: string | null = null;
  do {
    const page = { after, limit: PAGE };
    const { loads, budgets } = await loadsWithBudgets(deps, page);
    for (const { bucket } of loads) loaded.add(bucket);
    const fits = loads.flatMap((load) => fitOf(load, budgets.get(load.bucket), deps) ?? []);
    await writeNews(deps, fits);
    for (const { bucket, facts, isStretched } of fits) {
      if (isStretched) await stretchAll(deps, bucket, facts.stretch);
    }
    after = loads.length < PAGE ? null : (loads.at(-1)?.bucket ?? null);
  } while (after !== null);
  await tidyUp(deps, loaded);
}

async function writeNews({ store }: Deps, fits: readonly Fit[]): Promise<void> {
  const news = fits.filter(({ isNews }) => isNews);
  if (news.length === 0) return;
  await store.change(async (tx) => {
    for (const { bucket, facts } of news) await tx.budgets.learn(bucket, facts);
  });
}

/**
 * Buckets that no channel is read from any more, because what they stood for is known better by now, are
 * forgotten; a use that was reported long ago says nothing about now.
 */
async function tidyUp({ store, clock }: Deps, loaded: ReadonlySet<string>): Promise<void> {
  const now = clock.now();
  let after: string | null = null;
  do {
    const page = { after, limit: PAGE };
    const budgets: readonly Budget[] = await store.read((view) => view.budgets.list(page));
    const gone = budgets.filter((one) => !loaded.has(one.bucket) && one.closedUntil <= now);
    const aged = budgets.filter(
      ({ percent, reportedAt }) => percent !== null && (reportedAt ?? 0) < now - REPORT_LIFE_MS,
    );
    if (gone.length + aged.length > 0) {
      await store.change(async (tx) => {
        for (const { bucket } of aged) await tx.budgets.learn(bucket, NOTHING_REPORTED);
        await tx.budgets.drop(gone.map(({ bucket }) => bucket));
      });
    }
    after = budgets.length < PAGE ? null : (budgets.at(-1)?.bucket ?? null);
  } while (after !== null);
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
function fitOf(
  { bucket, readsPerHour }: BucketLoad,
  known: Budget | undefined,
  { policy }: Deps,
): Fit | null {
  if (known === undefined) return null;
  const perHour = perHourOf(known.isActive, policy.graphReadsPerHour);
  const wanted = stretchFor(perHour, readsPerHour);
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

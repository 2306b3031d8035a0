/** Every unresolved incident, a page at a time, so that no round ever holds all of them. */
import type { Incident } from '#domain/incidents/incident.ts';
import type { Deps } from '#monitor/deps.ts';
import type { OpenFilter } from '#ports/incidents.ts';
import type { Page } from '#ports/page.ts';

const PAGE = 100;

/** Oldest first. Throws Problem `store_unavailable`, and the reason of `closing` once that is aborted. */
export async function* walkOpen(
  { store }: Pick<Deps, 'store'>,
  closing: AbortSignal,
  filter: OpenFilter = {},
): AsyncGenerator<Incident, void> {
  let after: string | null = null;
  do {
    closing.throwIfAborted();
    const from: string | null = after;
    const page: Page<Incident> = await store.read((view) =>
      view.incidents.walkOpen({ after: from, limit: PAGE }, filter),
    );
    yield* page.items;
    after = page.next;
  } while (after !== null);
}

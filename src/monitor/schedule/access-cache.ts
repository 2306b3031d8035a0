/** The accesses of credentials, opened once and kept for a while: a fleet asks with the same ones over and over. */
import type { CredentialId } from '#domain/id.ts';
import { accessOf } from '#monitor/access.ts';
import { BoundedMap } from '#monitor/bounded-map.ts';
import type { StoreView } from '#ports/store.ts';
import type { Access } from '#ports/upstream.ts';

/** How many are kept, and for how long: a rotation elsewhere holds after that at the latest. */
const KEPT_MAX = 20_000;
const KEPT_MS = 60_000;

interface Kept {
  readonly access: Access;
  readonly until: number;
}

export class AccessCache {
  readonly #kept = new BoundedMap<CredentialId, Kept>(KEPT_MAX);
  #cleared = 0;

  /** The access of each credential, by id; one that is gone is left out. */
  async load(
    view: StoreView,
    ids: Iterable<CredentialId>,
    now: number,
  ): Promise<ReadonlyMap<CredentialId, Access>> {
    const found = new Map<CredentialId, Access>();
    for (const id of new Set(ids)) {
      const access = this.#fresh(id, now) ?? (await this.#read(view, id, now));
      if (access !== null) found.set(id, access);
    }
    return found;
  }

  /** To be called when a credential or an app has changed. */
  clear(): void {
    this.#cleared += 1;
    this.#kept.clear();
  }

  #fresh(id: CredentialId, now: number): Access | null {
    const kept = this.#kept.get(id);
    return kept !== undefined && now < kept.until ? kept.access : null;
  }

  async #read(view: StoreView, id: CredentialId, now: number): Promise<Access | null> {
    const cleared = this.#cleared;
    const credential = await view.credentials.find(id);
    if (credential === null) return null;
    const access = await accessOf(view, credential);
    // What was read before a change is good for this use alone.
    if (cleared === this.#cleared) this.#kept.set(id, { access, until: now + KEPT_MS });
    return access;
  }
}

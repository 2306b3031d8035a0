/**
 * Whether Meta serves the version that we ask for. An expired one is served by an older or newer one
 * without a word but for a header (docs/meta.md §6.1), so that answers can change under our feet.
 */
import type { Deps } from './deps.ts';

/** More versions than this are not told apart: the header is foreign text. */
const TOLD_MAX = 20;

export class VersionWatch {
  readonly #events: Deps['events'];
  readonly #told = new Set<string>();

  constructor({ events }: Pick<Deps, 'events'>) {
    this.#events = events;
  }

  /** Tells of each version once that served a read although another one was asked for. */
  note(asked: string | null, served: string | null): void {
    if (asked === null || served === null || asked === served) return;
    if (this.#told.has(served) || this.#told.size >= TOLD_MAX) return;
    this.#told.add(served);
    this.#events.emit('version_forwarded', { asked, served });
  }
}

/** Support handles (`fbtrace_id`, `x-fb-trace-id`): opaque to clients, a plain count here. */
export class Trace {
  #count = 0;

  /** 23 characters, as Meta's are, and different each time (docs/meta.md §3.1). */
  next(): string {
    this.#count += 1;
    return `A${this.#count.toString(36).padStart(22, 'x')}`;
  }
}

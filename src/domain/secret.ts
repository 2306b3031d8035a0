/**
 * A secret that cannot be printed by accident: converting, serialising or inspecting it gives
 * `[secret]`. Whoever needs the text calls `reveal()`, so that each such place can be found.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The secret itself. Only for the place that sends it, seals it or hashes it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  /** What Node prints for the object (`util.inspect.custom`). */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}

/** The last four characters, by which a person recognises a secret; nothing of a short one. */
export function hintOf(secret: Secret): string {
  const text = secret.reveal();
  return text.length >= 16 ? text.slice(-4) : '';
}

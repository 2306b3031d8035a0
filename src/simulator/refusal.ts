/** An instruction to the simulator that cannot be followed: its message says what would be right. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** The HTTP status with which the control API answers. */
  readonly status: number;

  constructor(message: string, status = 400) {
    super(message);
    this.status = status;
  }
}

/** One refusal for all that is wrong, so that nobody has to mend a file line by line. */
export function refuseAll(sentences: readonly string[]): void {
  if (sentences.length > 0) throw new Refusal(sentences.join(' '));
}

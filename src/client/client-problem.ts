/** Why a call of the client gave no answer: a problem that the server told, or none that could be had. */
import type { ProblemItem } from '#domain/problem.ts';

export class ClientProblem extends Error {
  override readonly name = 'ClientProblem';
  /** A code of the problem catalogue, or `unreachable`, `timeout`, `unexpected_answer`. */
  readonly code: string;
  /** The HTTP status; null when there was no answer. */
  readonly status: number | null;
  readonly items: readonly ProblemItem[];

  constructor(
    code: string,
    message: string,
    about: { status?: number; items?: readonly ProblemItem[]; cause?: unknown } = {},
  ) {
    super(message, about.cause === undefined ? undefined : { cause: about.cause });
    this.code = code;
    this.status = about.status ?? null;
    this.items = about.items ?? [];
  }
}

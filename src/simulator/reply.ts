/** An answer before it is written to a socket: also one item of a batch. */
export interface Reply {
  readonly status: number;
  /** Names and values in turn, as `writeHead` takes them. */
  readonly headers: readonly string[];
  readonly body: string;
}

export const JSON_TYPE = ['content-type', 'application/json; charset=UTF-8'] as const;

/** A reply whose body is this value as JSON. */
export function jsonReply(status: number, value: unknown): Reply {
  return { status, headers: JSON_TYPE, body: JSON.stringify(value) };
}

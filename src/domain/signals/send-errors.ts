/**
 * Errors of sends, by what they say about the number. Only those of the account make one doubt that it can
 * send at all (docs/meta.md §2.2 and §3.2).
 */

/**
 * `account`: nothing goes out until somebody mends it. `limit`: this much, to this person or of this kind is too
 * much; counted, and never an incident. `message`: this one message or recipient. `unclear`: Meta also says
 * so of a broken card, and of much else.
 */
export type SendErrorClass = 'account' | 'limit' | 'message' | 'unclear';

const CLASSES: ReadonlyMap<string, SendErrorClass> = new Map([
  // Payment, locked, blocked for policy, access denied, not registered, certificate.
  ...classed('account', [131042, 131031, 368, 131005, 133010, 131045]),
  // Throughput of number, account and app; spam; pair; marketing per person; experiments.
  ...classed('limit', [130429, 80007, 80008, 4, 17, 32, 613]),
  ...classed('limit', [131048, 131056, 131049, 130472]),
  // The country, the window, the recipient, the media, the request itself, the template.
  ...classed('message', [130497, 131047, 131026, 131030, 131021, 131050, 131051, 131052, 131053]),
  ...classed('message', [131008, 131009, 33, 100]),
  ...classed('message', [132000, 132001, 132005, 132007, 132012, 132015, 132016]),
]);

function classed(to: SendErrorClass, codes: readonly number[]): [string, SendErrorClass][] {
  return codes.map((code) => [String(code), to]);
}

/** The class of a code as Meta sends it; `unclear` for any that is not listed here. */
export function classOfSendError(code: string): SendErrorClass {
  return CLASSES.get(code) ?? 'unclear';
}

/** Sends that failed with one code. */
export interface SendErrorCount {
  readonly code: string;
  readonly sends: number;
}

export type SendErrorCounts = Readonly<Record<SendErrorClass, number>>;

/** How many sends failed, by class. */
export function countsByClass(errors: readonly SendErrorCount[]): SendErrorCounts {
  const counts = { account: 0, limit: 0, message: 0, unclear: 0 };
  for (const { code, sends } of errors) counts[classOfSendError(code)] += sends;
  return counts;
}

/** The time that is looked at, and how many sends have to fail in it. */
export const SENDS_FAIL_WITHIN_MS = 300_000;
const FAILED_SENDS_MIN = 5;

/** Whether sends fail by the account, given the counts of the last `SENDS_FAIL_WITHIN_MS`. */
export function sendsFail({ account }: Pick<SendErrorCounts, 'account'>): boolean {
  return account >= FAILED_SENDS_MIN;
}

/** What a command's end says to a script. */
import type { Status } from '#domain/status.ts';

export const EXIT_OK = 0;
/** The server or the start refused: the sentence is on standard error. */
export const EXIT_REFUSED = 1;
/** The command line itself is wrong. */
export const EXIT_USAGE = 2;

/** As monitoring plugins have them, for `check` and `status`; every error of these is UNKNOWN too. */
export const PLUGIN_EXIT_CODES: Readonly<Record<Status, number>> = {
  AVAILABLE: 0,
  LIMITED: 1,
  BLOCKED: 2,
  UNKNOWN: 3,
};

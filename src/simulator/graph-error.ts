/**
 * Graph's errors while reading (docs/meta.md §3). HTTP statuses are a choice where sources differ
 * (docs/meta.md §8.1).
 */
export interface GraphError {
  readonly http: number;
  readonly message: string;
  readonly type: string;
  readonly code: number | null;
  readonly subcode?: number;
  readonly transient?: boolean;
}

/** The envelope as JSON text (docs/meta.md §3.1). */
export function envelopeOf(error: GraphError, traceId: string): string {
  return JSON.stringify({
    error: {
      message: error.message,
      type: error.type,
      ...(error.code === null ? {} : { code: error.code }),
      ...(error.subcode === undefined ? {} : { error_subcode: error.subcode }),
      ...(error.transient === undefined ? {} : { is_transient: error.transient }),
      fbtrace_id: traceId,
    },
  });
}

function oauth(http: number, code: number, message: string): GraphError {
  return { http, message, type: 'OAuthException', code };
}

/** docs/meta.md §3.2, 104 */
export const NO_TOKEN = oauth(400, 104, 'An access token is required to request this resource.');

/** docs/meta.md §3.2, 190 without subcode */
export const UNKNOWN_TOKEN = oauth(
  401,
  190,
  'Invalid OAuth access token - Cannot parse access token',
);

/** docs/meta.md §3.2, 190/463 */
export function expiredToken(expiresAt: number, now: number): GraphError {
  const message =
    `Error validating access token: Session has expired on ${pacificTime(expiresAt * 1000)}. ` +
    `The current time is ${pacificTime(now)}.`;
  return { ...oauth(401, 190, message), subcode: 463 };
}

const REJECTIONS: Readonly<Record<number, string>> = {
  458: 'The user has not authorized application',
  460: 'The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons.',
  467: 'The session is invalid because the user logged out.',
};

/** docs/meta.md §3.2, the other subcodes of 190 */
export function rejectedToken(subcode: number): GraphError {
  const reason = REJECTIONS[subcode] ?? 'The session is invalid.';
  return { ...oauth(401, 190, `Error validating access token: ${reason}`), subcode };
}

function badMethod(code: number | null, message: string): GraphError {
  return { http: 400, message, type: 'GraphMethodException', code };
}

/** docs/meta.md §3.2, 100 for the proof */
export const PROOF_MISSING = badMethod(
  100,
  'API calls from the server require an appsecret_proof argument',
);
export const PROOF_WRONG = badMethod(100, 'Invalid appsecret_proof provided in the API argument');

/** docs/meta.md §3.2, 100/33: absent and forbidden look the same. */
export function missingNode(id: string, method: string): GraphError {
  const message =
    `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be ` +
    'loaded due to missing permissions, or does not support this operation. Please read the Graph ' +
    'API documentation at https://developers.facebook.com/docs/graph-api';
  return { ...badMethod(100, message), subcode: 33 };
}

/** docs/meta.md §1.5 */
export function unknownField(field: string, typeName: string): GraphError {
  const message = `(#100) Tried accessing nonexisting field (${field}) on node type (${typeName})`;
  return oauth(400, 100, message);
}

/** docs/meta.md §3.2; §7.2: only providers may read `primary_funding_id`; §8.16 */
export const FORBIDDEN = oauth(
  403,
  10,
  '(#10) Application does not have permission for this action',
);

/** docs/meta.md §3.2, 80008 and 80007 */
export function wabaThrottled(code: number): GraphError {
  const message =
    `(#${code}) There have been too many calls to this WhatsApp Business account. Wait a bit and ` +
    'try again. For more info, please refer to ' +
    'https://developers.facebook.com/docs/graph-api/overview/rate-limiting.';
  return oauth(400, code, message);
}

/** docs/meta.md §3.2, 4 */
export const APP_THROTTLED = oauth(400, 4, '(#4) Application request limit reached');

/** docs/meta.md §4.4 and §8.4 */
export function removedParameter(name: string): GraphError {
  return oauth(
    400,
    100,
    `(#100) The parameter ${name} is not supported as of v26.0. Use requests per object or a batch request.`,
  );
}

/** docs/meta.md §8.5 */
export function unknownPath(path: string): GraphError {
  return oauth(400, 2500, `Unknown path components: /${path}`);
}

/** docs/meta.md §3.2, 100 for a parameter */
export function invalidParameter(message: string): GraphError {
  return oauth(400, 100, `(#100) ${message}`);
}

/** docs/meta.md §4.3 and §8.3 */
export function badBatch(message: string): GraphError {
  return { http: 400, message, type: 'GraphBatchException', code: null };
}

const PACIFIC_OFFSET_MS = 8 * 3_600_000;
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** Such as `Wednesday, 14-Feb-18 18:00:00 PST`. */
function pacificTime(ms: number): string {
  const date = new Date(ms - PACIFIC_OFFSET_MS);
  const [, day, month, year, time] = date.toUTCString().split(/,? /);
  return `${DAYS[date.getUTCDay()]}, ${day}-${month}-${year?.slice(-2)} ${time} PST`;
}

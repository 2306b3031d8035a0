/** An answer that is larger than it may be. */
import type { Failure } from '#domain/failure.ts';
import { failureOf } from './failure-of.ts';
import type { Peer } from './peer.ts';

/** The failure of an answer with this status and more than `bytesMax` bytes. */
export function tooLarge(peer: Peer, status: number, bytesMax: number): Failure {
  const detail = `${peer.host} answered ${status} with more than ${bytesMax} bytes.`;
  return failureOf('malformed_answer', detail, { httpStatus: status });
}

/**
 * Links to the page of one incident, for whoever holds the message: valid for seven days and for this incident
 * alone. What is signed stands in the link, so that nothing is looked up before a link is known to be ours.
 */
import type { IncidentId } from '#domain/id.ts';
import { isId } from '#domain/id.ts';
import type { Incident } from '#domain/incidents/incident.ts';
import type { Signer } from '#ports/signer.ts';

/** How long a link opens its page, in ms. */
export const LINK_MS = 7 * 86_400_000;

/** A signature of ours for anything else can never be one for a link. */
const PURPOSE = 'incident-link.v1';

/** How a person gets from a message to its incident. */
interface IncidentWays {
  /** The page; null where the server has no public URL. */
  readonly url: string | null;
  /** What an operator types instead. */
  readonly command: string;
}

/** What a link says of itself: until when it opens the page (s since 1970), and the signature. */
export interface LinkTicket {
  readonly until: string;
  readonly signature: string;
}

/**
 * `open`: it opens the page of this incident, if there is one. `expired`: it did once. `strange`: it is not ours.
 */
type LinkState =
  | { readonly state: 'open'; readonly id: IncidentId }
  | { readonly state: 'expired' | 'strange' };

export interface IncidentLinks {
  /** The ways to an incident, as a message sent at `now` (ms UTC) has them. */
  links(incident: Pick<Incident, 'id' | 'number'>, now: number): IncidentWays;
  /** The part of a link after the question mark. */
  queryOf(ticket: LinkTicket): string;
  /** What a link is worth at `now`; asks nobody. */
  stateOf(ref: string, ticket: LinkTicket, now: number): LinkState;
}

/** `publicUrl` is the address under which people reach the server, without a slash at its end; null for none. */
export function incidentLinks(signer: Signer, publicUrl: string | null): IncidentLinks {
  function urlOf(id: IncidentId, now: number): string {
    const until = String(Math.floor((now + LINK_MS) / 1000));
    const signature = signer.sign(signedText(id, until));
    return `${publicUrl}/i/${id}?${queryOf({ until, signature })}`;
  }

  return {
    links: ({ id, number }, now) => ({
      url: publicUrl === null ? null : urlOf(id, now),
      command: `waba-health incidents show ${number}`,
    }),
    queryOf,
    stateOf(ref, { until, signature }, now) {
      if (!isId('inc', ref) || !/^[1-9]\d{0,11}$/.test(until)) return { state: 'strange' };
      if (!signer.isSignatureOf(signedText(ref, until), signature)) return { state: 'strange' };
      return now < Number(until) * 1000 ? { state: 'open', id: ref } : { state: 'expired' };
    },
  };
}

function signedText(id: IncidentId, until: string): string {
  return `${PURPOSE}:${id}:${until}`;
}

/** With names, because mail filters append what they like to a link. */
function queryOf({ until, signature }: LinkTicket): string {
  return `e=${until}&s=${signature}`;
}

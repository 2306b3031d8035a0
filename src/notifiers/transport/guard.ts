/**
 * The guard before every connection to a receiver: a receiver's address is data, so without it whoever may write one
 * could have this program talk to the network around it. What is checked is the address that is connected to, at
 * the moment of connecting: a name that changes its mind in between gains nothing.
 */
import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { Problem } from '#domain/problem.ts';
import { blockListOf, contains, plainAddress, rangeOf } from './address-ranges.ts';

/** Finds the addresses of a name; rejects as `dns.lookup` does. */
type Resolve = (name: string) => Promise<readonly LookupAddress[]>;

export interface GuardOptions {
  /** Ranges that are allowed although they are not of the open internet: `10.20.0.0/16`, `fd00::/8`. */
  readonly allow?: readonly string[];
  /** Allows loopback, private and shared addresses; link-local, multicast and reserved ones have to be named. */
  readonly allowPrivate?: boolean;
  /** The system's resolver unless told otherwise. */
  readonly resolve?: Resolve;
}

export interface Guard {
  /** Why this host, as a URL names it, is refused without asking DNS: completes "leads to …". Null otherwise. */
  refusalOfHost(hostname: string): string | null;
  /** Resolves to allowed addresses alone. Tells `onRefused` where a name leads that has none. */
  lookup(onRefused: (what: string) => void): LookupFunction;
}

/** Throws Problem `cannot_start` when a range cannot be read. */
export function createGuard({ allow = [], allowPrivate = false, resolve }: GuardOptions): Guard {
  const allowed = allowedOf(allow);
  const addressesOf = resolve ?? ((name: string) => systemLookup(name, { all: true }));

  function refusalOf(address: string): string | null {
    const range = rangeOf(address);
    if (range === null || (allowPrivate && range.isPrivate)) return null;
    const plain = plainAddress(address);
    return plain !== null && contains(allowed, plain) ? null : range.what;
  }

  return {
    refusalOfHost(hostname) {
      const host = hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) !== 0) return refusalOf(host);
      return /(^|\.)localhost\.?$/i.test(host) ? refusalOf('127.0.0.1') : null;
    },
    lookup: (onRefused) => (name, options, callback) => {
      addressesOf(name).then(
        (found) => {
          const usable = found.filter(({ address }) => refusalOf(address) === null);
          const [first] = usable;
          if (first === undefined) {
            const what = found.map(({ address }) => refusalOf(address)).find(Boolean);
            if (what) onRefused(what);
            callback(refusal(name), '');
          } else if (options.all) callback(null, [...usable]);
          else callback(null, first.address, first.family);
        },
        (error: NodeJS.ErrnoException) => callback(error, ''),
      );
    },
  };
}

function allowedOf(allow: readonly string[]) {
  try {
    return blockListOf(allow);
  } catch (cause) {
    const what = 'An allowed range of addresses must be written as 10.20.0.0/16 or fd00::/8';
    const bad = cause instanceof RangeError ? `, not ${cause.message.slice(0, 80)}` : '';
    throw new Problem('cannot_start', `${what}${bad}.`, { cause });
  }
}

function refusal(name: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`No address of ${name} is allowed.`), { code: 'EACCES' });
}

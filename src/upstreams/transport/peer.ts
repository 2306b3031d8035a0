/** Whom a connection leads to, as the sentences of a failure name it. Never more than host and port. */
export interface Peer {
  /** `graph.facebook.com`, with the port unless it is the usual one. */
  readonly host: string;
  /** The proxy that is set, as host and port, also where the host is exempt from it; null without. */
  readonly proxy: string | null;
}

/** The peer of this origin. */
export function peerOf(origin: URL, proxy: URL | null): Peer {
  return { host: origin.host, proxy: proxy?.host ?? null };
}

/** A request as the routes see it: head parsed, body read. */
import type { IncomingHttpHeaders } from 'node:http';

import type { Subject } from './faults.ts';
import type { Reply } from './reply.ts';

export interface Incoming {
  readonly method: string;
  /** The path behind `/graph/`, `/dialog360/` or `/control/`, without a leading slash. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The address behind which `path` stands, for links: `http://127.0.0.1:8080/graph`. */
  readonly base: string;
}

/** An answer together with what it is about, so that faults can strike it. */
export interface Exchange {
  readonly reply: Reply;
  readonly subject: Subject;
}

/** The address of an upstream, as an option gives it: an origin, and a path that all others follow. */
import { Problem } from '#domain/problem.ts';

export interface BaseUrl {
  readonly origin: URL;
  /** Empty, or with a slash at its start and none at its end. */
  readonly path: string;
}

/** Throws Problem `cannot_start` when the text is no such address. `what` names the option's subject. */
export function baseUrlOf(text: string, what: string): BaseUrl {
  const url = URL.parse(text);
  const isBare = url !== null && `${url.username}${url.password}${url.search}${url.hash}` === '';
  if (isBare && /^https?:$/.test(url.protocol)) {
    return { origin: new URL(url.origin), path: url.pathname.replace(/\/+$/, '') };
  }
  throw new Problem(
    'cannot_start',
    `The address of ${what} must be an http:// or https:// address without user, query or fragment.`,
  );
}

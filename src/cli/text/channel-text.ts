/** A channel by all that people know it by, in one line. */
import { inert } from './inert.ts';

export interface NamedChannel {
  readonly name: string;
  readonly display_number: string | null;
  readonly verified_name: string | null;
}

/** `support (+49 30 1234, Acme)`. */
export function channelText(channel: NamedChannel): string {
  return `${inert(channel.name)}${namesText(channel)}`;
}

/** ` (+49 30 1234, Acme)`: by what people know the number, as far as its profile was read. */
export function namesText(channel: Omit<NamedChannel, 'name'>): string {
  const known = [channel.display_number, channel.verified_name].flatMap((text) => text ?? []);
  return known.length === 0 ? '' : ` (${known.map(inert).join(', ')})`;
}

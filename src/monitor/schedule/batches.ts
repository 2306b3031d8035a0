/** Which channels are asked together: those of one app, as many as a batch takes, spoilers alone. */
import type { ChannelId } from '#domain/id.ts';
import type { Asked } from './read-batch.ts';

export interface BatchShape {
  /** The most that one batch takes. */
  readonly size: number;
  readonly isSingle: (id: ChannelId) => boolean;
}

/**
 * Tokens of one app may share a batch, each item with its own. Where the app is not known, a credential
 * keeps to itself: a batch counts against the app of its first token.
 */
export function batchesOf(
  asked: readonly Asked[],
  { size, isSingle }: BatchShape,
): readonly (readonly Asked[])[] {
  if (size === 1) return asked.map((one) => [one]);
  const singles: Asked[][] = [];
  const byApp = new Map<string, Asked[]>();
  for (const one of asked) {
    if (isSingle(one.due.channel.id)) singles.push([one]);
    else {
      const key = one.access.app?.metaAppId ?? one.due.channel.credentialId;
      const group = byApp.get(key);
      if (group === undefined) byApp.set(key, [one]);
      else group.push(one);
    }
  }
  const batches = [...byApp.values()].flatMap((group) => chunks(group, size));
  return [...batches, ...singles];
}

function chunks(group: readonly Asked[], size: number): readonly (readonly Asked[])[] {
  const count = Math.ceil(group.length / size);
  return Array.from({ length: count }, (_, at) => group.slice(at * size, (at + 1) * size));
}

/**
 * Opens the store in the directory given and changes it as fast as it can, a line on standard output
 * after each commit, until somebody kills it.
 */
import { writeSync } from 'node:fs';
import type { Channel } from '#domain/channel.ts';
import type { Store } from '#ports/store.ts';
import { addAcme, bodyOf, goodState, NOON } from '#test/contracts/store/acme.ts';
import { openIn } from '#test/stores/open-in.ts';

const [, , dataDir = ''] = process.argv;
const store = await openIn(dataDir);
const channels = await channelsOf(store);
for (;;) {
  for (const { id } of channels) {
    const attempt = await store.change(async (tx) => {
      const claim = await tx.channels.claim(id, NOON, 1_000);
      if (claim === null) throw new Error('somebody else is here');
      const body = bodyOf(`{"health_status":{},"id":"${id} ${claim.attempt}"}`.padEnd(3_000));
      const before = (await tx.channels.findRow(id))?.state.good?.bodyHash;
      await tx.channels.writeState(id, goodState(claim.attempt, body), body);
      if (before !== undefined) await tx.channels.dropBody(before);
      return claim.attempt;
    });
    // Synchronous, so that a line is out before the next commit begins.
    writeSync(1, `${JSON.stringify({ id, attempt })}\n`);
  }
}

async function channelsOf(opened: Store): Promise<readonly Channel[]> {
  const { items } = await opened.read((view) => view.channels.list({ after: null, limit: 9 }));
  if (items.length > 0) return items.map(({ channel }) => channel);
  return addAcme(opened, 'support', 'sales', 'orders');
}

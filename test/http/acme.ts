/** Acme and what its upstreams say: the numbers *support* and *sales* of one WABA. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { goodAnswer } from '#test/fakes/upstream.ts';
import type { World } from './management-world.ts';

export const SUPPORT_ID = '106540352242922';
export const SALES_ID = '106540352242933';

export const GRAPH_TOKEN = 'canary-graph-token-0001';
export const DIALOG360_KEY = 'canary-360dialog-key-0001';

export function example(name: string): string {
  return readFileSync(`test/fixtures/health/${name}.json`, 'utf8');
}

/** The example as the answer for another number. */
export function exampleFor(name: string, numberId: string) {
  return goodAnswer(example(name).replaceAll(SUPPORT_ID, numberId));
}

/** Both upstreams answer that all is well, on graph for whatever number was asked. */
export function allIsWell(world: World): void {
  world.upstreams.graph.answers(({ nodeId }) => exampleFor('phone-available', nodeId ?? ''));
  world.upstreams.dialog360.answers(() => goodAnswer(example('phone-available')));
}

export const GRAPH_CHANNEL = {
  upstream: 'graph',
  credential: { ref: 'acme-token' },
  node_id: SUPPORT_ID,
};

export const DIALOG360_CHANNEL = {
  upstream: 'dialog360',
  credential: { secret: DIALOG360_KEY },
};

/** The credential *acme-token* and, read through it, the channel *support*. */
export async function addSupport(world: World, about: object = {}): Promise<void> {
  allIsWell(world);
  const secret = GRAPH_TOKEN;
  const credential = { upstream: 'graph', secret, billed_by: 'meta' };
  const added = await world.api('PUT', '/credentials/acme-token', { body: credential });
  assert.equal(added.status, 201, added.text);
  const body = { ...GRAPH_CHANNEL, ...about };
  const channel = await world.api('PUT', '/channels/support', { body });
  assert.equal(channel.status, 201, channel.text);
}

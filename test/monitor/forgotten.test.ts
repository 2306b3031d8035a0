import assert from 'node:assert/strict';
import test from 'node:test';
import type { ChannelId } from '#domain/id.ts';
import { Forgotten } from '#monitor/forgotten.ts';

const [ONE, TWO, THREE] = ['ch_1', 'ch_2', 'ch_3'] as const satisfies readonly ChannelId[];

test('to forget one is not to forget another', () => {
  const forgotten = new Forgotten(2);
  const mark = forgotten.mark();
  forgotten.add(ONE);
  assert.equal(forgotten.isSince(ONE, mark), true);
  assert.equal(forgotten.isSince(TWO, mark), false);
  assert.equal(forgotten.isSince(ONE, forgotten.mark()), false);
});

test('what is no longer known one by one is taken to be forgotten', () => {
  const forgotten = new Forgotten(2);
  const early = forgotten.mark();
  forgotten.add(ONE);
  const late = forgotten.mark();
  for (const id of [TWO, THREE, TWO]) forgotten.add(id);
  assert.equal(forgotten.isSince(ONE, early), true);
  assert.equal(forgotten.isSince(ONE, late), false);
  assert.equal(forgotten.isSince(TWO, late), true);
});

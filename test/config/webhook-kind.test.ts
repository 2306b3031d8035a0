import assert from 'node:assert/strict';
import { test } from 'node:test';
import { webhookWatch } from '#config/webhook-kind.ts';

const read = (text: string) => webhookWatch.read(text, () => new Uint8Array());

test('webhooks are watched of all, or of those with a label', () => {
  assert.deepEqual(read('all'), { value: 'all' });
  assert.deepEqual(read('tier=gold'), { value: { label: 'tier', value: 'gold' } });
  for (const text of ['', 'ALL', 'yes', '=gold']) {
    const reading = read(text);
    assert.ok('wrong' in reading, text);
    assert.match(reading.wrong, /^must be all, or a label such as tier=gold, not "/);
  }
});

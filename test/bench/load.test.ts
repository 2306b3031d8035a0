import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnswerCounter } from '#bench/load/answers.ts';
import { readWrk } from '#bench/load/load.ts';
import { median } from '#bench/median.ts';

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';
const REFUSAL = 'HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n';

test('answers are counted wherever the network cuts them', () => {
  const stream = ANSWER + REFUSAL + ANSWER;
  for (let cut = 0; cut <= stream.length; cut += 1) {
    const counter = new AnswerCounter();
    const parts = [stream.slice(0, cut), stream.slice(cut)];
    const statuses = parts.flatMap((part) => counter.take(Buffer.from(part)));
    assert.deepEqual(statuses, [200, 401, 200], `cut at ${cut}`);
  }
});

test('every error that wrk reports counts as one', () => {
  const output = [
    '  643242 requests in 5.10s, 466.20MB read',
    '  Socket errors: connect 1, read 20, write 300, timeout 4000',
    '  Non-2xx or 3xx responses: 50000',
    'Requests/sec: 126125.88',
  ].join('\n');
  assert.deepEqual(readWrk(output), { requests: 643_242, seconds: 5.1, errors: 54_321 });
});

test('a summary of wrk that cannot be read is no measurement', () => {
  assert.throws(() => readWrk('unable to connect'), /unexpected/);
});

test('the median of an even number of figures lies between the middle two', () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.ok(Number.isNaN(median([])));
});

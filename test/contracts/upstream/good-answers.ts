/** Good answers come out byte for byte. */
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import assert from 'node:assert/strict';
import { answers, answersJson } from '#test/fakes/scripted-server.ts';
import { GOOD, Stage, isGood } from '#test/fakes/upstream-stage.ts';
import type { UpstreamSubject } from '#test/fakes/upstream-stage.ts';

/** An answer that no two printers would write alike, with an id beyond 2^53. */
const ODD_BUT_GOOD = `{ "health_status" :{"can_send_message":"LIMITED","entities":[
  {"entity_type":"WABA","id":10229012934039812345,"can_send_message":"LIMITED","new_field":1.0},
  {"entity_type":"QUASAR","can_send_message":"SIDEWAYS"} ] }\t,"id":"105154286024403" }\r\n`;

export function goodBodies(subject: UpstreamSubject): void {
  test('a good body comes out byte for byte', async () => {
    await using stage = await Stage.start(subject, answers({ body: ODD_BUT_GOOD }));
    const answer = await stage.read();
    assert.ok(answer.ok);
    assert.equal(Buffer.from(answer.body).toString('latin1'), ODD_BUT_GOOD);
    assert.equal(answer.report.reported, 'LIMITED');
    assert.equal(answer.report.entities[0]?.id, '10229012934039812345');
    assert.equal(answer.report.entities[1]?.words.messaging, 'SIDEWAYS');
    assert.equal(stage.clock.pending, 0);
  });

  test('a good body with a byte order mark is good and keeps it', async () => {
    await using stage = await Stage.start(subject, answers({ body: `\ufeff${ODD_BUT_GOOD}` }));
    const answer = await stage.read();
    assert.ok(answer.ok);
    assert.equal(Buffer.from(answer.body).toString('utf8'), `\ufeff${ODD_BUT_GOOD}`);
  });

  test('a good body is good under any content type and without one', async () => {
    for (const type of ['text/html', 'application/octet-stream', '']) {
      await isGood(subject, { headers: { 'content-type': type } });
    }
  });

  test('named fields are passed through as bytes', async () => {
    const body = '{ "display_phone_number":"+49 30 1234" ,"id":"1"}\n';
    await using stage = await Stage.start(subject, answers({ body }));
    const answer = await stage.readFields(['display_phone_number']);
    assert.ok(answer.ok);
    assert.equal(Buffer.from(answer.body).toString('utf8'), body);
  });
}

export function goodConnections(subject: UpstreamSubject): void {
  test('an answer in pieces is put together', async () => {
    const body = Buffer.from(JSON.stringify({ ...GOOD, padding: 'ä'.repeat(5_000) }));
    await using stage = await Stage.start(subject, (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      for (let at = 0; at < body.length; at += 1_001) {
        const piece = body.subarray(at, at + 1_001);
        socket.write(`${piece.length.toString(16)}\r\n`);
        socket.write(Buffer.concat([piece, Buffer.from('\r\n')]));
      }
      socket.write('0\r\n\r\n');
    });
    const answer = await stage.read();
    assert.ok(answer.ok);
    assert.deepEqual(Buffer.from(answer.body), body);
  });

  test('connections are kept and used again', async () => {
    await using stage = await Stage.start(subject, answersJson(GOOD));
    for (let count = 0; count < 3; count += 1) {
      assert.ok((await stage.read()).ok);
      // A connection rests for one turn of the event loop before it is used again.
      await setImmediate();
    }
    assert.equal(stage.server.connections, 1);
  });

  test('interim answers are passed over', async () => {
    const good = answersJson(GOOD);
    await using stage = await Stage.start(subject, (socket, request) => {
      socket.write('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n');
      good(socket, request);
    });
    assert.ok((await stage.read()).ok);
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '#domain/secret.ts';
import { publicUrl, secretUrl, secretUrlFile } from '#config/url-kind.ts';

const noFile = () => {
  throw new Error('no file is read here');
};
const fileWith = (text: string) => () => new TextEncoder().encode(text);
const PING = 'https://hc-ping.example/0f1e2d3c-canary';

test('the public address is https, or on this machine', () => {
  for (const text of ['https://acme.example/', 'http://127.0.0.1:8360', 'http://localhost:1']) {
    assert.deepEqual(publicUrl.read(text, noFile), { value: text.replace(/\/$/, '') });
  }
  for (const text of ['http://acme.example', 'acme.example', 'https://acme.example/?a=b', '']) {
    assert.ok('wrong' in publicUrl.read(text, noFile), text);
  }
});

test('an address that is a secret is read, and never shown', () => {
  for (const reading of [
    secretUrl.read(` ${PING}\n`, noFile),
    secretUrlFile.read('ping.url', fileWith(`${PING}\n`)),
  ]) {
    assert.ok('value' in reading);
    assert.ok(reading.value instanceof Secret);
    assert.equal(reading.value.reveal(), PING);
  }
  for (const text of ['http://hc-ping.example/canary', 'ftp://canary', 'canary', '']) {
    for (const reading of [
      secretUrl.read(text, noFile),
      secretUrlFile.read('ping.url', fileWith(text)),
    ]) {
      assert.ok('wrong' in reading);
      assert.doesNotMatch(reading.wrong, /canary/);
    }
  }
});

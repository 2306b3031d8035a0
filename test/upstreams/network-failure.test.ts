import { test } from 'node:test';
import assert from 'node:assert/strict';
import type { FailureCode } from '#domain/failure.ts';
import { networkFailure } from '#upstreams/transport/network-failure.ts';

const PEER = { host: 'graph.facebook.com', proxy: null };

test('each cause is told in words, with its code', () => {
  tells('ENOTFOUND', 'unreachable', /its name is not known to DNS \(ENOTFOUND\)\.$/);
  tells('EAI_AGAIN', 'unreachable', /DNS does not answer/);
  tells('ECONNREFUSED', 'unreachable', /it refuses connections/);
  tells('ECONNRESET', 'unreachable', /it reset the connection/);
  tells('ENETUNREACH', 'unreachable', /no route leads there/);
  tells('DEPTH_ZERO_SELF_SIGNED_CERT', 'unreachable', /its certificate is not trusted/);
  tells('ERR_TLS_CERT_ALTNAME_INVALID', 'unreachable', /its certificate is not trusted/);
  tells('UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unreachable', /needs its CA file given/);
  tells('ERR_SSL_WRONG_VERSION_NUMBER', 'unreachable', /no TLS connection came about/);
  tells('EPROTO', 'unreachable', /no TLS connection came about/);
  tells('UND_ERR_CONNECT_TIMEOUT', 'timeout', /did not accept a connection in time/);
  tells('ETIMEDOUT', 'timeout', /did not accept a connection in time/);
  tells('EWHATEVER', 'unreachable', /the connection failed \(EWHATEVER\)/);
});

test('an error without a code, or one that is no error, is unreachable', () => {
  for (const error of [new Error('secret text'), null, 'text', { code: 7 }]) {
    const failure = failureOf(error);
    assert.equal(failure.code, 'unreachable');
    assert.match(failure.detail, /the connection failed \(unknown cause\)/);
  }
});

test('an error that wraps others is told by what it wraps', () => {
  const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  assert.match(failureOf(new Error('outer', { cause: refused })).detail, /ECONNREFUSED/);
});

test('what breaks once the head has arrived is a malformed answer', () => {
  const error = Object.assign(new Error('x'), { code: 'ECONNRESET' });
  const failure = networkFailure(error, { peer: PEER, status: 200, bytes: 12 });
  assert.equal(failure.code, 'malformed_answer');
  assert.equal(failure.httpStatus, 200);
  assert.match(failure.detail, /broke off its answer after 12 bytes of the body \(ECONNRESET\)/);
});

function tells(code: string, means: FailureCode, sentence: RegExp): void {
  const failure = failureOf(Object.assign(new Error('secret text'), { code }));
  assert.equal(failure.code, means);
  assert.match(failure.detail, sentence);
  assert.ok(failure.detail.startsWith('graph.facebook.com '));
  assert.ok(!failure.detail.includes('secret text'));
}

function failureOf(error: unknown) {
  return networkFailure(error, { peer: PEER, status: null, bytes: 0 });
}

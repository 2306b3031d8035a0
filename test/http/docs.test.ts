import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { fastify } from 'fastify';
import { registerDocs } from '#http/routes/docs.ts';

test('the page for people needs no token and shows the document of this server', async () => {
  await using app = documented();
  const reply = await app.inject('/docs/');
  assert.equal(reply.statusCode, 200);
  assert.equal(reply.headers['content-type'], 'text/html; charset=utf-8');
  assert.match(reply.body, /<title>waba-health API<\/title>/);
  assert.match(reply.body, /"url": "\/openapi\.json"/);
});

test('the address without its slash leads to the page', async () => {
  await using app = documented();
  const reply = await app.inject('/docs');
  assert.equal(reply.statusCode, 301);
  assert.equal(reply.headers.location, '/docs/');
});

test('the browser may load and send nothing anywhere else', async () => {
  await using app = documented();
  const policy = String((await app.inject('/docs/')).headers['content-security-policy']);
  const directives = new Map(
    policy.split('; ').map((directive) => {
      const [name = '', ...sources] = directive.split(' ');
      return [name, sources];
    }),
  );
  assert.deepEqual(directives.get('default-src'), ["'none'"]);
  assert.deepEqual(directives.get('connect-src'), ["'self'"]);
  for (const [name, sources] of directives) {
    const elsewhere = sources.filter(
      (source) => !/^('(self|none|unsafe-inline|sha256-.*)'|data:)$/.test(source),
    );
    assert.deepEqual(elsewhere, [], name);
  }
});

test('no script runs but the two of the page', async () => {
  await using app = documented();
  const { body, headers } = await app.inject('/docs/');
  const scripts = [...body.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)];
  assert.equal(scripts.length, 2);
  const [loaded, inline] = scripts;
  assert.match(loaded?.[1] ?? '', /src="js\/scalar\.js"/);
  const hash = createHash('sha256')
    .update(inline?.[2] ?? '')
    .digest('base64');
  assert.match(
    String(headers['content-security-policy']),
    new RegExp(`script-src 'self' 'sha256-${hash.replaceAll(/[+/]/g, '\\$&')}';`),
  );
});

test('the page is told to use no service of its makers', async () => {
  await using app = documented();
  const { body } = await app.inject('/docs/');
  for (const setting of [
    '"withDefaultFonts": false',
    '"telemetry": false',
    '"hideClientButton": true',
    '"persistAuth": false',
    '"proxyUrl": ""',
  ]) {
    assert.ok(body.includes(setting), setting);
  }
  assert.match(body, /"agent": \{\s+"disabled": true\s+\}/);
  assert.match(body, /"mcp": \{\s+"disabled": true\s+\}/);
});

test('the script comes from here', async () => {
  await using app = documented();
  const reply = await app.inject('/docs/js/scalar.js');
  assert.equal(reply.statusCode, 200);
  assert.equal(reply.headers['content-type'], 'text/javascript; charset=utf-8');
  assert.ok(reply.rawPayload.byteLength > 1_000_000);
});

function documented() {
  const app = fastify();
  registerDocs(app);
  return app;
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hmacSigner } from '#app/hmac-signer.ts';
import { redacted } from '#app/redact.ts';
import { incidentLinks, LINK_MS } from '#monitor/telling/incident-link.ts';
import { createFakeIds } from '#test/fakes/ids.ts';

const NOW = Date.UTC(2026, 2, 1, 3);
const ids = createFakeIds();
const INCIDENT = { id: ids.next('inc'), number: 142 };
const KEY = new Uint8Array(32).fill(7);
const links = incidentLinks(hmacSigner(KEY), 'https://health.acme.example/waba');

/** What a link has behind its path. */
function partsOf(url: string) {
  const { pathname, searchParams } = new URL(url);
  const ref = pathname.split('/').at(-1) ?? '';
  const ticket = { until: searchParams.get('e') ?? '', signature: searchParams.get('s') ?? '' };
  return { ref, ticket };
}

function linkAt(now: number): string {
  const { url } = links.links(INCIDENT, now);
  assert.ok(url);
  return url;
}

test('a link opens its incident for seven days, to the second', () => {
  const url = linkAt(NOW);
  assert.ok(url.startsWith(`https://health.acme.example/waba/i/${INCIDENT.id}?`), url);
  const { ref, ticket } = partsOf(url);
  const stateAt = (now: number) => links.stateOf(ref, ticket, now);
  assert.deepEqual(stateAt(NOW), { state: 'open', id: INCIDENT.id });
  assert.deepEqual(stateAt(NOW + LINK_MS - 1), { state: 'open', id: INCIDENT.id });
  assert.deepEqual(stateAt(NOW + LINK_MS), { state: 'expired' });
});

test('every program with the same key knows the link, and none with another', () => {
  const { ref, ticket } = partsOf(linkAt(NOW));
  const replica = incidentLinks(hmacSigner(KEY.slice()), null);
  assert.equal(replica.stateOf(ref, ticket, NOW).state, 'open');
  const stranger = incidentLinks(hmacSigner(new Uint8Array(32).fill(8)), null);
  assert.equal(stranger.stateOf(ref, ticket, NOW).state, 'strange');
});

test('a link opens no other incident, and none for longer', () => {
  const { ref, ticket } = partsOf(linkAt(NOW));
  assert.equal(links.stateOf(ids.next('inc'), ticket, NOW).state, 'strange');
  assert.equal(links.stateOf('142', ticket, NOW).state, 'strange');
  const longer = { ...ticket, until: String(Number(ticket.until) + 1) };
  assert.equal(links.stateOf(ref, longer, NOW).state, 'strange');
  for (const until of ['', '0', '-1', '1e9', ` ${ticket.until}`, `0${ticket.until}`]) {
    assert.equal(links.stateOf(ref, { ...ticket, until }, NOW).state, 'strange', until);
  }
});

test('no text is a signature but the right one', () => {
  const { ref, ticket } = partsOf(linkAt(NOW));
  const near = ['', ticket.signature.slice(1), `${ticket.signature}=`, `${ticket.signature}A`];
  for (const signature of near) {
    assert.equal(links.stateOf(ref, { ...ticket, signature }, NOW).state, 'strange', signature);
  }
  fc.assert(
    fc.property(fc.string(), (signature) => {
      fc.pre(signature !== ticket.signature);
      assert.equal(links.stateOf(ref, { ...ticket, signature }, NOW).state, 'strange');
    }),
  );
});

test('without a public address there is the command alone', () => {
  const ways = incidentLinks(hmacSigner(KEY), null).links(INCIDENT, NOW);
  assert.deepEqual(ways, { url: null, command: 'waba-health incidents show 142' });
});

test('a link that gets into a log line loses there what makes it valid', () => {
  const { ticket } = partsOf(linkAt(NOW));
  const line = redacted(JSON.stringify({ link: linkAt(NOW), after: 'words' }));
  assert.ok(!line.includes(ticket.signature));
  assert.ok(line.includes(`/i/${INCIDENT.id}?[secret]","after":"words"`), line);
});

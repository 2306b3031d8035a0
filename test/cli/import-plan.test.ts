import assert from 'node:assert/strict';
import test from 'node:test';
import { csvFile } from '#cli/import/csv-file.ts';
import type { Channel, Credential, Fleet } from '#cli/import/fleet.ts';
import { jsonFile } from '#cli/import/json-file.ts';
import type { Plan, PlanWish } from '#cli/import/plan.ts';
import { planOf } from '#cli/import/plan.ts';

const NOON = '2026-03-01T12:00:00.000Z';

const ACME: Credential = {
  id: 'cr_acme',
  name: 'acme',
  upstream: 'graph',
  app: null,
  billed_by: 'meta',
  secret_hint: '0001',
  token_facts: null,
  findings: [],
  created_at: NOON,
  rotated_at: NOON,
};

function channel(about: Partial<Channel> = {}): Channel {
  return {
    id: 'ch_support',
    name: 'support',
    external_id: null,
    display_number: null,
    verified_name: null,
    upstream: 'graph',
    credential: { id: 'cr_acme', name: 'acme' },
    node_id: '1001',
    labels: {},
    check_interval_seconds: 120,
    pace_seconds: 120,
    own_check_interval_seconds: null,
    identity: null,
    status: {
      messaging: 'AVAILABLE',
      calling: null,
      unknown_reason: null,
      since: NOON,
      calling_since: null,
      read_at: NOON,
      failure: null,
    },
    profile: null,
    created_at: NOON,
    updated_at: NOON,
    paused_at: null,
    archived_at: null,
    ...about,
  };
}

function fleetOf(...channels: readonly Channel[]): Fleet {
  return {
    channels: new Map(channels.map((one) => [one.name, one])),
    credentials: new Map([['acme', ACME]]),
  };
}

const HEAD = 'name,upstream,credential,node_id,label.team,interval\n';

function plan(text: string, fleet: Fleet, wish: Partial<PlanWish> = {}): Plan {
  return planOf(csvFile(text), fleet, { sync: false, check: true, ...wish });
}

function steps({ channels }: Plan): readonly string[] {
  return channels.map((step) => `${step.do} ${step.name}`);
}

test('what is new is added, what differs changed, and what is as it should be left alone', () => {
  const made = plan(
    `${HEAD}support,graph,acme,1001,care,\nsales,graph,acme,1002,,\norders,graph,acme,1003,,5m\n`,
    fleetOf(
      channel({ labels: { team: 'care', tier: '1' } }),
      channel({ name: 'orders', node_id: '1003' }),
    ),
  );
  assert.deepEqual(steps(made), ['add sales', 'change orders']);
  assert.equal(made.unchanged, 1);
  assert.deepEqual(made.retire, []);
  assert.deepEqual(made.refused, []);
});

test('labels that the file does not speak of stay; an empty cell takes one away', () => {
  const known = channel({ labels: { team: 'care', tier: '1' } });
  const made = plan(`${HEAD}support,graph,acme,1001,,\n`, fleetOf(known));
  assert.deepEqual(made.channels[0]?.body.labels, { tier: '1' });
});

test('with sync the labels of the file are all there are', () => {
  const known = channel({ labels: { team: 'care', tier: '1' } });
  const made = plan(`${HEAD}support,graph,acme,1001,sales,\n`, fleetOf(known), { sync: true });
  assert.deepEqual(made.channels[0]?.body.labels, { team: 'sales' });
});

test('another node or credential is a move, and only sync moves', () => {
  const text = `${HEAD}support,graph,other,1001,,\n`;
  const made = plan(text, fleetOf(channel()));
  assert.deepEqual(steps(made), []);
  assert.match(made.refused[0]?.why ?? '', /channels move support/);
  assert.deepEqual(steps(plan(text, fleetOf(channel()), { sync: true })), ['move support']);
});

test('sync retires what the file leaves out, but not what a refused row names', () => {
  const fleet = fleetOf(
    channel(),
    channel({ name: 'sales', node_id: '1002' }),
    channel({ name: 'orders', node_id: '1003' }),
  );
  const text = `${HEAD}support,graph,acme,1001,,\nsales,graph,acme,not-a-node,,\n`;
  const made = plan(text, fleet, { sync: true });
  assert.deepEqual(made.retire, ['orders']);
  assert.deepEqual(
    made.refused.map(({ at, name }) => [at, name]),
    [['line 3', 'sales']],
  );
});

test('rows that contradict each other are refused, the later ones', () => {
  const text = `${HEAD}support,graph,acme,1001,,\nsupport,graph,acme,1002,,\nsales,graph,acme,1001,,\n`;
  const { refused } = plan(text, fleetOf());
  assert.deepEqual(
    refused.map(({ at, why }) => [at, why]),
    [
      ['line 3', 'The name support stands in line 2 already.'],
      ['line 4', 'The node 1001 stands in line 2 already.'],
    ],
  );
});

test('a credential is added once however many rows bring it, and another secret is refused', () => {
  const head = 'name,upstream,credential,secret,node_id\n';
  const made = plan(
    `${head}a,graph,fresh,fresh-secret-of-acme-1,1\nb,graph,fresh,fresh-secret-of-acme-1,2\n` +
      'c,graph,fresh,fresh-secret-of-acme-2,3\nd,graph,acme,another-secret-9999,4\n' +
      'e,graph,acme,acme-graph-token-0001,5\n',
    fleetOf(),
  );
  assert.deepEqual(
    made.credentials.map((step) => [step.do, step.name]),
    [['add', 'fresh']],
  );
  const why = made.refused.map((one) => `${one.at}: ${one.why}`);
  assert.equal(why.length, 3);
  assert.match(why[0] ?? '', /^line 4: The credential fresh is said to be .* in line 2/);
  assert.match(why[1] ?? '', /^line 6: The credential acme is said to be .* in line 5/);
  assert.match(why[2] ?? '', /^line 5: The credential acme is there with another secret/);
});

test('a secret that is not the stored one is refused with the way to replace it', () => {
  const own = channel({ name: 'orders', upstream: 'dialog360', node_id: null });
  const text = 'name,upstream,secret\norders,dialog360,a-quite-different-key-7777\n';
  const { refused } = plan(text, fleetOf(own));
  assert.match(refused[0]?.why ?? '', /credentials rotate acme/);
  const same = 'name,upstream,secret\norders,dialog360,acme-360dialog-key-0001\n';
  assert.equal(plan(same, fleetOf(own)).unchanged, 1);
});

test('a number that comes back after it was given up takes up its credential again', () => {
  const text = 'name,upstream,secret,node_id\nacme,graph,acme-graph-token-0001,1\n';
  assert.deepEqual(plan(text, fleetOf()).channels[0]?.body.credential, { ref: 'acme' });
  const other = 'name,upstream,secret,node_id\nacme,graph,acme-graph-token-0002,1\n';
  assert.ok('secret' in (plan(other, fleetOf()).channels[0]?.body.credential ?? {}));
});

test('a credential without a secret must be there already', () => {
  const file = jsonFile(
    JSON.stringify({
      credentials: [
        { name: 'acme', upstream: 'graph', billed_by: 'provider' },
        { name: 'ghost', upstream: 'graph' },
      ],
    }),
  );
  const made = planOf(file, fleetOf(), { sync: false, check: true });
  assert.deepEqual(
    made.credentials.map((step) => [step.do, step.name]),
    [['change', 'acme']],
  );
  assert.match(made.refused[0]?.why ?? '', /has no secret for it/);
});

test('pausing is a change, and what the file does not say stays', () => {
  const head = 'name,upstream,credential,node_id,paused\n';
  const known = channel({
    paused_at: NOON,
    external_id: 'crm-1',
    own_check_interval_seconds: 60,
  });
  assert.equal(plan(`${head}support,graph,acme,1001,yes\n`, fleetOf(known)).unchanged, 1);
  assert.equal(plan(`${head}support,graph,acme,1001,\n`, fleetOf(known)).unchanged, 1);
  const { channels } = plan(`${head}support,graph,acme,1001,no\n`, fleetOf(known));
  assert.partialDeepStrictEqual(channels[0]?.body, {
    paused: false,
    external_id: 'crm-1',
    check_interval_seconds: 60,
  });
});

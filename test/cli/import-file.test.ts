import assert from 'node:assert/strict';
import test from 'node:test';
import { csvFile } from '#cli/import/csv-file.ts';
import { jsonFile } from '#cli/import/json-file.ts';
import { retiredMax } from '#cli/import/retire-limit.ts';
import type { RawRow } from '#cli/import/raw-row.ts';
import { channelWished, credentialRowOf, credentialWished } from '#cli/import/wish.ts';
import { UsageError } from '#cli/usage-error.ts';

const SECRET = 'acme-canary-secret-0001';

function refusedWith(sentence: RegExp) {
  return (error: unknown): true => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, sentence);
    assert.doesNotMatch(error.message, /canary/);
    return true;
  };
}

function whyOf(row: RawRow): string {
  const judged = channelWished(row);
  assert.ok('refused' in judged, 'the row is good');
  assert.doesNotMatch(judged.refused.why, /canary/);
  return judged.refused.why;
}

test('a line of CSV is a channel, and cells may hold commas, quotes and line ends', () => {
  const { channels } = csvFile(
    '\ufeffname,upstream,credential,node_id,external_id,interval,paused,label.team\r\n' +
      'support,graph,acme,106540352242922,"crm ""7"",\nsecond line",2m,yes,care\r\n' +
      '\r\n' +
      'sales,graph,acme,106540352242923,,,,\r\n',
  );
  const [support, sales] = channels.map((row) => channelWished(row));
  assert.ok(sales !== undefined && 'wish' in sales);
  assert.ok(support !== undefined && 'refused' in support);
  assert.match(support.refused.why, /external_id must be text .* without control characters/);
  assert.deepEqual(sales.wish, {
    at: 'line 5',
    name: 'sales',
    upstream: 'graph',
    credential: { ref: 'acme' },
    node_id: '106540352242923',
    external_id: null,
    labels: { team: '' },
    check_interval_seconds: null,
    paused: undefined,
    adopt_key: undefined,
  });
});

test('a spreadsheet that divides cells by semicolons is read as well', () => {
  const { channels } = csvFile('name;upstream;secret\norders;dialog360;acme-canary-secret-0001\n');
  const judged = channelWished(channels[0] ?? assert.fail());
  assert.ok('wish' in judged);
  assert.deepEqual(judged.wish.credential, { secret: SECRET, billed_by: 'unknown', app: null });
  assert.equal(judged.wish.labels, undefined);
});

test('columns that are not known are named, with the one that was probably meant', () => {
  assert.throws(() => csvFile('name,nodeid,label.\nx,1,2\n'), refusedWith(/"nodeid".*"node_id"/));
  assert.throws(() => csvFile('upstream\ngraph\n'), refusedWith(/"name" is missing/));
  assert.throws(() => csvFile('name,name\nx,y\n'), refusedWith(/"name" stands twice/));
  assert.throws(() => csvFile(''), refusedWith(/empty/));
});

test('a file that is no CSV or no JSON is refused without quoting it', () => {
  assert.throws(
    () => csvFile(`name,secret\nx,"${SECRET}\n`),
    refusedWith(/no CSV.*quotation mark/),
  );
  assert.throws(() => jsonFile(`{"channels": [{"secret": "${SECRET}"`), refusedWith(/no JSON/));
  assert.throws(() => jsonFile('7'), refusedWith(/must be/));
  assert.throws(() => jsonFile('{"channels": {}}'), refusedWith(/must be/));
  assert.throws(() => jsonFile('{"numbers": []}'), refusedWith(/must be/));
});

test('a line with more or fewer cells than the first says so and is refused', () => {
  const { channels } = csvFile('name,upstream,credential,node_id\nsupport,graph,acme\n');
  assert.match(whyOf(channels[0] ?? assert.fail()), /It has 3 cells, the first line has 4\./);
});

test('everything that is wrong with a row is said at once, in sentences', () => {
  const { channels } = csvFile(
    'name,upstream,secret,node_id,interval,paused\nSupport!,whatsapp,short,12ab,2,maybe\n',
  );
  const why = whyOf(channels[0] ?? assert.fail());
  for (const sentence of [/name must be 1 to 63/, /upstream must be/, /node_id must be an id/]) {
    assert.match(why, sentence);
  }
  assert.match(why, /interval must be a duration/);
  assert.match(why, /paused must be true or false/);
});

test('a node is needed on graph and refused on dialog360', () => {
  const { channels } = csvFile(
    'name,upstream,credential,node_id\nsupport,graph,acme,\norders,dialog360,key,106540352242922\n',
  );
  assert.match(whyOf(channels[0] ?? assert.fail()), /node_id is missing/);
  assert.match(whyOf(channels[1] ?? assert.fail()), /node_id must be empty/);
});

test('JSON says the same with its own types, and credentials in a section of their own', () => {
  const { credentials, channels } = jsonFile(
    JSON.stringify({
      credentials: [{ name: 'acme', upstream: 'graph', secret: SECRET, billed_by: 'meta' }],
      channels: [
        {
          name: 'support',
          upstream: 'graph',
          credential: 'acme',
          node_id: '106540352242922',
          external_id: null,
          labels: { team: 'care' },
          interval: '5m',
          paused: true,
        },
        { name: 'sales', upstream: 'graph', credential: 'acme', node_id: 7, colour: 'red' },
        'orders',
      ],
    }),
  );
  const credential = credentialWished(credentials[0] ?? assert.fail());
  assert.ok('wish' in credential);
  assert.equal(credential.wish.body.secret, SECRET);
  const support = channelWished(channels[0] ?? assert.fail());
  assert.ok('wish' in support);
  assert.partialDeepStrictEqual(support.wish, {
    at: 'channels[0]',
    external_id: null,
    labels: { team: 'care' },
    check_interval_seconds: 300,
    paused: true,
  });
  const why = whyOf(channels[1] ?? assert.fail());
  assert.match(why, /colour is not known here/);
  assert.match(why, /node_id must be a text/);
  assert.match(whyOf(channels[2] ?? assert.fail()), /must be an object/);
});

test('a secret beside the name of a credential becomes that credential', () => {
  const { channels } = csvFile(
    `name,upstream,credential,secret,node_id\nsupport,graph,acme,${SECRET},106540352242922\n`,
  );
  const row = channels[0] ?? assert.fail();
  const brought = credentialWished(credentialRowOf(row) ?? assert.fail());
  assert.ok('wish' in brought);
  assert.equal(brought.wish.name, 'acme');
  const judged = channelWished(row);
  assert.ok('wish' in judged);
  assert.deepEqual(judged.wish.credential, { ref: 'acme' });
});

test('5 % of a fleet may be retired without a word, at least one, and never all of it', () => {
  const cases = [
    [0, 0],
    [1, 0],
    [2, 1],
    [39, 1],
    [40, 2],
    [8_000, 400],
  ] as const;
  for (const [fleet, max] of cases) assert.equal(retiredMax(fleet), max, `of ${fleet}`);
});

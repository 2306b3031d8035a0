/** What is to be done so that the fleet has what the file says; nothing is done yet. */
import { hintOf, Secret } from '#domain/secret.ts';
import type { Channel, Credential, Fleet } from './fleet.ts';
import type { RawFile } from './raw-row.ts';
import type {
  ChannelBody,
  ChannelWished,
  CredentialBody,
  CredentialWished,
  Judged,
  Refused,
} from './wish.ts';
import { channelWished, credentialRowOf, credentialWished } from './wish.ts';

export type ChannelStep =
  | {
      readonly do: 'add' | 'change';
      readonly at: string;
      readonly name: string;
      readonly body: ChannelBody;
    }
  | {
      readonly do: 'move';
      readonly at: string;
      readonly name: string;
      /** What else is different is changed after the move. */
      readonly body: ChannelBody;
    };

export interface CredentialStep {
  readonly do: 'add' | 'change';
  readonly at: string;
  readonly name: string;
  readonly body: CredentialBody;
}

export interface Plan {
  readonly credentials: readonly CredentialStep[];
  readonly channels: readonly ChannelStep[];
  /** The names of channels that the file does not have; empty without `sync`. */
  readonly retire: readonly string[];
  readonly unchanged: number;
  readonly refused: readonly Refused[];
}

export interface PlanWish {
  /** Whether the fleet is to equal the file: others are retired, moved ones are moved. */
  readonly sync: boolean;
  /** Whether new channels are read before they are stored. */
  readonly check: boolean;
}

type Step<T> = { readonly step: T } | { readonly refused: Refused } | 'unchanged';

export function planOf(file: RawFile, fleet: Fleet, wish: PlanWish): Plan {
  const refused: Refused[] = [];
  const brought = file.channels.flatMap((row) => credentialRowOf(row) ?? []);
  const credentials = keepGood(
    [...file.credentials, ...brought].map((row) => credentialWished(row)),
    refused,
  );
  const wished = keepGood(
    file.channels.map((row) => channelWished(row)),
    refused,
  );
  const credentialSteps = sorted(
    oncePerName(credentials, refused).map((one) => credentialStep(one, fleet.credentials)),
    refused,
  );
  const channelSteps = sorted(
    unlikeEachOther(wished, refused).map((one) => channelStep(one, fleet, wish)),
    refused,
  );
  const named = new Set([
    ...wished.map(({ name }) => name),
    ...refused.flatMap(({ name }) => name ?? []),
  ]);
  const missing = [...fleet.channels.keys()].filter((name) => !named.has(name));
  return {
    credentials: credentialSteps.steps,
    channels: channelSteps.steps,
    retire: wish.sync ? missing : [],
    unchanged: channelSteps.unchanged,
    refused,
  };
}

function keepGood<T>(judged: readonly Judged<T>[], refused: Refused[]): readonly T[] {
  return judged.flatMap((one) => {
    if ('wish' in one) return one.wish;
    refused.push(one.refused);
    return [];
  });
}

function sorted<T>(steps: readonly Step<T>[], refused: Refused[]) {
  const good: T[] = [];
  let unchanged = 0;
  for (const step of steps) {
    if (step === 'unchanged') unchanged += 1;
    else if ('step' in step) good.push(step.step);
    else refused.push(step.refused);
  }
  return { steps: good, unchanged };
}

/** One credential may be named by many rows, as long as they say the same of it. */
function oncePerName(
  wished: readonly CredentialWished[],
  refused: Refused[],
): readonly CredentialWished[] {
  const first = new Map<string, CredentialWished>();
  for (const one of wished) {
    const before = first.get(one.name);
    if (before === undefined) first.set(one.name, one);
    else if (JSON.stringify(before.body) !== JSON.stringify(one.body)) {
      const why = `The credential ${one.name} is said to be something else in ${before.at}.`;
      refused.push({ at: one.at, what: 'credential', name: one.name, why });
    }
  }
  return [...first.values()];
}

/** Two rows about one name, node or external id contradict each other: the later one is refused. */
function unlikeEachOther(
  wished: readonly ChannelWished[],
  refused: Refused[],
): readonly ChannelWished[] {
  const first = new Map<string, string>();
  return wished.filter((one) => {
    const { at, name } = one;
    const marks = [
      ['name', name],
      ['node', one.node_id],
      ['external id', one.external_id],
    ].filter(([, mark]) => mark !== null && mark !== undefined);
    const taken = marks.find(([what, mark]) => first.has(`${what} ${mark}`));
    if (taken === undefined) {
      for (const [what, mark] of marks) first.set(`${what} ${mark}`, at);
      return true;
    }
    const why = `The ${taken[0]} ${taken[1]} stands in ${first.get(taken.join(' '))} already.`;
    refused.push({ at, what: 'channel', name, why });
    return false;
  });
}

function credentialStep(
  { at, name, body }: CredentialWished,
  known: ReadonlyMap<string, Credential>,
): Step<CredentialStep> {
  const refuse = (why: string) => ({ refused: { at, what: 'credential', name, why } }) as const;
  const before = known.get(name);
  if (before === undefined) {
    return body.secret === undefined
      ? refuse(`The credential ${name} is not there, and the file has no secret for it.`)
      : { step: { do: 'add', at, name, body } };
  }
  if (body.secret !== undefined && !isSame(body.secret, before)) {
    return refuse(
      `The credential ${name} is there with another secret; to replace it: waba-health credentials ` +
        `rotate ${name} < secret`,
    );
  }
  const { secret: _, ...rest } = body;
  const isApp = rest.app === undefined || rest.app === null || rest.app === before.app?.name;
  const isBilled = rest.billed_by === undefined || rest.billed_by === before.billed_by;
  const told = { ...rest, app: rest.app ?? before.app?.name ?? null };
  return isApp && isBilled ? 'unchanged' : { step: { do: 'change', at, name, body: told } };
}

/** By its last four characters, which is all that the server tells. */
function isSame(secret: string, { secret_hint }: Credential): boolean {
  return hintOf(new Secret(secret)) === secret_hint;
}

function channelStep(one: ChannelWished, fleet: Fleet, wish: PlanWish): Step<ChannelStep> {
  const { at, name } = one;
  const refuse = (why: string) => ({ refused: { at, what: 'channel', name, why } }) as const;
  const before = fleet.channels.get(name);
  if (before === undefined) {
    const credential = keptCredential(one, fleet) ?? one.credential;
    return { step: { do: 'add', at, name, body: bodyOf({ ...one, credential }, null, wish) } };
  }
  const body = bodyOf(one, before, wish);
  const source = sourceOf(one, before, fleet);
  if (source === 'other secret') {
    const { name: credential } = before.credential;
    return refuse(
      `Its secret is not the one that it is watched with; to replace that: waba-health credentials ` +
        `rotate ${credential} < secret`,
    );
  }
  if (source === 'other') {
    if (wish.sync) return { step: { do: 'move', at, name, body } };
    return refuse(
      `It is watched through ${before.upstream} with the credential ${before.credential.name}` +
        `${before.node_id === null ? '' : ` and node ${before.node_id}`}; to change that, use ` +
        `"waba-health channels move ${name}", or import with --sync.`,
    );
  }
  return isAsWished(body, before) ? 'unchanged' : { step: { do: 'change', at, name, body } };
}

/** Of a channel that was given up, its credential is still there under its name: it is used again. */
function keptCredential(
  { name, upstream, credential }: ChannelWished,
  { credentials }: Fleet,
): ChannelWished['credential'] | null {
  const kept = credentials.get(name);
  if ('ref' in credential || kept === undefined || kept.upstream !== upstream) return null;
  return isSame(credential.secret, kept) ? { ref: name } : null;
}

function sourceOf(
  one: ChannelWished,
  before: Channel,
  { credentials }: Fleet,
): 'same' | 'other' | 'other secret' {
  const { upstream, node_id, credential } = one;
  if (upstream !== before.upstream || node_id !== before.node_id) return 'other';
  if ('ref' in credential) {
    const { id, name } = before.credential;
    return [id, name].includes(credential.ref) ? 'same' : 'other';
  }
  const known = credentials.get(before.credential.name);
  return known === undefined || isSame(credential.secret, known) ? 'same' : 'other secret';
}

/** What the file does not speak of stays as it is. */
function bodyOf(
  one: ChannelWished,
  before: Channel | null,
  { sync, check }: PlanWish,
): ChannelBody {
  const { upstream, credential, node_id, adopt_key } = one;
  const external_id = one.external_id ?? (one.external_id === null ? null : before?.external_id);
  const interval = one.check_interval_seconds;
  return {
    upstream,
    credential,
    node_id,
    external_id: external_id ?? null,
    labels: labelsOf(one.labels, before, sync),
    check_interval_seconds:
      interval === undefined ? (before?.own_check_interval_seconds ?? null) : interval,
    check,
    ...(one.paused === undefined ? {} : { paused: one.paused }),
    ...(adopt_key === undefined ? {} : { adopt_key }),
  };
}

/** An empty value takes a label away; with `sync` the file has all labels, if it has any. */
function labelsOf(
  given: Readonly<Record<string, string>> | undefined,
  before: Channel | null,
  sync: boolean,
): Record<string, string> {
  const kept = given !== undefined && sync ? {} : (before?.labels ?? {});
  const labels = Object.entries({ ...kept, ...given }).filter(([, value]) => value !== '');
  return Object.fromEntries(labels);
}

function isAsWished(body: ChannelBody, before: Channel): boolean {
  return (
    body.external_id === before.external_id &&
    body.check_interval_seconds === before.own_check_interval_seconds &&
    (body.paused === undefined || body.paused === (before.paused_at !== null)) &&
    textOf(body.labels ?? {}) === textOf(before.labels)
  );
}

function textOf(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(
    Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );
}

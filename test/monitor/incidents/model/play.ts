/** Plays steps before the model and the implementation alike, and compares them after each. */
import assert from 'node:assert/strict';
import type { IncidentId } from '#domain/id.ts';
import { causeKey } from '#domain/incidents/cause.ts';
import type { Incident } from '#domain/incidents/incident.ts';
import type { FakeClock } from '#test/fakes/clock.ts';
import { Meta, NO_SLIP } from './answers.ts';
import type { Drive, DriveMeans, Reply } from './drive.ts';
import { addModelFleet, createDrive } from './drive.ts';
import type { ModelChannel } from './oracle.ts';
import { Oracle } from './oracle.ts';
import type { Step } from './steps.ts';

export interface Play {
  take(step: Step): Promise<void>;
  close(): Promise<void>;
}

export interface PlayWish {
  readonly channels: number;
  /** What the implementation is told instead of what the model is: for the test that the model bites. */
  readonly distort?: (reply: Reply, no: number) => Reply;
}

export async function startPlay(
  means: DriveMeans,
  { channels: count, distort = (reply) => reply }: PlayWish,
): Promise<Play> {
  const channels = await addModelFleet(means, count);
  const drive = createDrive(means, channels);
  const model = new Oracle(
    channels.map(({ id, credentialId, createdAt }, no) => ({
      no,
      ref: id,
      credential: credentialId,
      createdAt,
    })),
  );
  const cast: Cast = { drive, model, meta: new Meta(), clock: means.clock, distort };
  const resolved = new Map<IncidentId, number>();
  return {
    async take(step) {
      cast.meta.take(step);
      await take(step, cast);
      await compare(cast, resolved);
    },
    close: () => drive.close(),
  };
}

interface Cast {
  readonly drive: Drive;
  readonly model: Oracle;
  readonly meta: Meta;
  readonly clock: FakeClock;
  readonly distort: (reply: Reply, no: number) => Reply;
}

async function take(step: Step, cast: Cast): Promise<void> {
  const { drive, model, meta, clock } = cast;
  if (step.kind === 'pass') return clock.jumpTo(clock.now() + step.seconds * 1_000);
  if (step.kind === 'live') return live(step, cast);
  if (step.kind === 'round') {
    await drive.round();
    return model.round(clock.now());
  }
  if (step.kind === 'resolve' || step.kind === 'acknowledge') return decide(step, cast);
  if (!('which' in step)) return;
  const channel = model.channels[step.which % model.channels.length];
  if (channel === undefined || channel.isRemoved) return;
  if (step.kind === 'read') return read(cast, channel, meta.answerFor(channel.no, step.slip));
  if (step.kind === 'fail') return read(cast, channel, step.code);
  if (step.kind === 'pause' && !channel.isPaused) {
    await drive.pause(channel.no);
    model.quit(channel, 'paused');
  } else if (step.kind === 'remove') {
    await drive.remove(channel.no);
    model.quit(channel, 'removed');
  } else if (step.kind === 'resume') {
    await drive.resume(channel.no);
    model.resume(channel);
  }
}

async function live({ rounds, seconds }: Extract<Step, { kind: 'live' }>, cast: Cast) {
  const { model, meta, clock } = cast;
  for (let round = 0; round < rounds; round += 1) {
    clock.jumpTo(clock.now() + seconds * 1_000);
    for (const channel of model.channels) {
      if (channel.isPaused || channel.isRemoved) continue;
      await read(cast, channel, meta.answerFor(channel.no, NO_SLIP));
    }
  }
}

async function read(cast: Cast, channel: ModelChannel, reply: Reply): Promise<void> {
  const { drive, model, clock, distort } = cast;
  await drive.read(channel.no, distort(reply, channel.no));
  const when = { at: clock.now(), isPaused: channel.isPaused };
  model.observe(
    channel,
    typeof reply === 'string'
      ? { ...when, kind: 'failed', code: reply }
      : { ...when, kind: 'good', answer: reply },
  );
  const isClosely = drive.closely.get(drive.idOf(channel.no)) ?? false;
  assert.equal(
    isClosely,
    model.waits(channel, clock.now()),
    'read closely, without or in spite of need',
  );
}

async function decide(
  step: Extract<Step, { kind: 'resolve' | 'acknowledge' }>,
  { drive, model, clock }: Cast,
): Promise<void> {
  const open = model.incidents.filter(({ resolution }) => resolution === null);
  const incident = open[step.which % Math.max(1, open.length)];
  if (incident === undefined) return;
  const { incidents } = await drive.found();
  const found = incidents.find(({ key, incident: { resolvedAt } }) => {
    return key === incident.key && resolvedAt === null;
  });
  assert.ok(found);
  await drive[step.kind](found.incident);
  if (step.kind === 'resolve') model.resolve(incident);
  else model.acknowledge(incident, clock.now());
}

async function compare(
  { drive, model, clock }: Cast,
  resolved: Map<IncidentId, number>,
): Promise<void> {
  const { incidents, signs } = await drive.found();
  const isToday = incidents.map(({ incident, key, members }) => {
    const { openedAt, status, isFlapping, resolution } = incident;
    return { key, openedAt, status, isFlapping, resolution, members };
  });
  const ought = model.incidents.map((incident) => {
    const { key, openedAt, status, isFlapping, resolution } = incident;
    return {
      key,
      openedAt,
      status,
      isFlapping,
      resolution,
      members: [...incident.members].toSorted(),
    };
  });
  assert.deepEqual(inOrder(isToday), inOrder(ought));
  const shown = model.channels.flatMap((channel) =>
    model.shown(channel).map((key) => `${channel.ref} ${key} ${model.stageOf(channel, key)}`),
  );
  const stored = signs.map((sign) => {
    return `${sign.channelId} ${causeKey(sign.cause, sign.capability)} ${sign.stage}`;
  });
  assert.deepEqual(stored.toSorted(), shown.toSorted());
  for (const { incident } of incidents) checkResolved(incident, resolved);
  for (const channel of model.channels) {
    const isClosely = drive.closely.get(drive.idOf(channel.no)) ?? false;
    const isShowing = model.shown(channel).length > 0;
    const mustWait = model.waits(channel, clock.now()) && !hasMuted(channel);
    assert.ok(
      isShowing || !isClosely || !channel.isPaused,
      'read closely although it shows nothing',
    );
    assert.ok(isClosely || !mustWait, 'something waits for a read that need not come');
  }
}

/** What is closed by hand waits for a change only. */
function hasMuted({ muted }: ModelChannel): boolean {
  return muted.size > 0;
}

function inOrder<T extends { readonly key: string; readonly openedAt: number }>(all: readonly T[]) {
  const name = ({ openedAt, key }: T) => `${openedAt} ${key}`;
  return all.toSorted((one, other) => (name(one) < name(other) ? -1 : 1));
}

/** What is resolved is resolved once. */
function checkResolved({ id, resolvedAt }: Incident, resolved: Map<IncidentId, number>): void {
  const before = resolved.get(id);
  assert.ok(before === undefined || before === resolvedAt, 'it was resolved twice');
  if (resolvedAt !== null) resolved.set(id, resolvedAt);
}

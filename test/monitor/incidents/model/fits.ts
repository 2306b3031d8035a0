/** What holds of incidents and signs at every moment, whoever changed them at the same time. */
import assert from 'node:assert/strict';
import { causeKey } from '#domain/incidents/cause.ts';
import type { Drive } from './drive.ts';

export function checkThatAllFits({ incidents, signs }: Awaited<ReturnType<Drive['found']>>): void {
  const open = incidents.filter(({ incident }) => incident.resolvedAt === null);
  const keys = open.map(({ key }) => key);
  assert.equal(new Set(keys).size, keys.length, 'a cause has two unresolved incidents');
  const signed = (id: string) =>
    signs.filter(({ incidentId }) => incidentId === id).map(({ channelId }) => channelId);
  for (const { incident, key, members } of incidents) {
    assert.deepEqual(
      signed(incident.id).toSorted(),
      members,
      'members without signs, or signs without',
    );
    if (incident.resolvedAt !== null)
      assert.deepEqual(members, [], 'it is resolved and has members');
    else assert.ok(members.length > 0, `nobody is in ${key} any more`);
  }
  for (const { cause, capability, stage, channelId } of signs) {
    const key = causeKey(cause, capability);
    assert.ok(stage !== 'suspect' || !keys.includes(key), `${channelId} waits beside ${key}`);
  }
}

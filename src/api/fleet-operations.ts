/** The operations that manage a fleet: decisions about many channels, moves, profiles, discovery. */
import { channel, movedChannel, moveChannel } from './channel.ts';
import { decideChannels, decidedChannels } from './decision.ts';
import { ref, strict } from './field.ts';
import type { Operation } from './operation.ts';

const NOTHING = strict({});
const REF = strict({ ref });

export const FLEET_OPERATIONS = {
  pauseChannels: {
    method: 'POST',
    path: '/channels/pause',
    tag: 'channels',
    summary: 'Pause channels: no check of them is scheduled until they are resumed',
    params: NOTHING,
    query: NOTHING,
    body: decideChannels,
    responses: { 200: decidedChannels },
    problems: [],
  },
  resumeChannels: {
    method: 'POST',
    path: '/channels/resume',
    tag: 'channels',
    summary: 'Resume paused channels; they are checked at once',
    params: NOTHING,
    query: NOTHING,
    body: decideChannels,
    responses: { 200: decidedChannels },
    problems: [],
  },
  retireChannels: {
    method: 'POST',
    path: '/channels/retire',
    tag: 'channels',
    summary: 'Stop watching numbers that are given up; their keys end, their history stays',
    params: NOTHING,
    query: NOTHING,
    body: decideChannels,
    responses: { 200: decidedChannels },
    problems: [],
  },
  moveChannel: {
    method: 'POST',
    path: '/channels/{ref}/move',
    tag: 'channels',
    summary: 'Ask about the number elsewhere from now on, once a read there shows the same number',
    params: REF,
    query: NOTHING,
    body: moveChannel,
    responses: { 200: movedChannel },
    problems: [
      'not_found',
      'conflict',
      'sandbox_key',
      'credential_rejected',
      'identity_changed',
      'check_failed',
    ],
  },
  readProfile: {
    method: 'POST',
    path: '/channels/{ref}/profile',
    tag: 'channels',
    summary: 'Read now what the number is beside its health',
    params: REF,
    query: NOTHING,
    body: null,
    responses: { 200: channel },
    problems: ['not_found'],
  },
} as const satisfies Record<string, Operation>;

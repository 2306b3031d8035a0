/** The operations about the installation itself: what it is, its store, copies of that. */
import { strict } from './field.ts';
import { instance } from './instance.ts';
import type { Operation } from './operation.ts';
import { backup, makeBackup, store } from './store.ts';

const NOTHING = strict({});

export const INSTANCE_OPERATIONS = {
  getStore: {
    method: 'GET',
    path: '/store',
    tag: 'instance',
    summary: 'Show what the store is, and how large',
    params: NOTHING,
    query: NOTHING,
    body: null,
    responses: { 200: store },
    problems: [],
  },
  makeBackup: {
    method: 'POST',
    path: '/backups',
    tag: 'instance',
    summary: 'Copy the store to a file of the server while it is in use, and check the copy',
    params: NOTHING,
    query: NOTHING,
    body: makeBackup,
    responses: { 201: backup },
    problems: ['conflict'],
  },
  getInstance: {
    method: 'GET',
    path: '/instance',
    tag: 'instance',
    summary: 'Show which installation this is',
    params: NOTHING,
    query: NOTHING,
    body: null,
    responses: { 200: instance },
    problems: [],
  },
} as const satisfies Record<string, Operation>;

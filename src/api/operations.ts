/**
 * Every operation of the management API: routes, client and OpenAPI document derive from this table.
 * It only grows.
 */
import { addApiKey, addedApiKey, apiKeyPage } from './api-key.ts';
import { app, appDetails, appPage, putApp } from './app.ts';
import {
  channel,
  channelPage,
  listChannelsQuery,
  putChannel,
  removeChannelQuery,
} from './channel.ts';
import { channelHealth } from './channel-health.ts';
import { checkChannel, checkNode, nodeHealth } from './check.ts';
import {
  credential,
  credentialPage,
  putCredential,
  rotateCredential,
  rotatedCredential,
} from './credential.ts';
import { name, ref, strict, text } from './field.ts';
import { HISTORY_OPERATIONS } from './history-operations.ts';
import { FLEET_OPERATIONS } from './fleet-operations.ts';
import { INCIDENT_OPERATIONS } from './incident-operations.ts';
import { INSTANCE_OPERATIONS } from './instance-operations.ts';
import { MANAGEMENT_OPERATIONS } from './management-operations.ts';
import { pageQuery } from './page.ts';
import { SIGNAL_OPERATIONS } from './signal.ts';
import type { Operation } from './operation.ts';
import { TELLING_OPERATIONS } from './telling-operations.ts';

const NOTHING = strict({});
const PAGE = strict(pageQuery);
const REF = strict({ ref });
const NAME = strict({ ref: name });
const KEY_ID = strict({
  id: text(/^key_[0-9a-z]{26}$/, 'must be the id of an API key, such as key_01k…'),
});

export const OPERATIONS = {
  listApps: {
    method: 'GET',
    path: '/apps',
    tag: 'apps',
    summary: 'List the Meta apps',
    params: NOTHING,
    query: PAGE,
    body: null,
    responses: { 200: appPage },
    problems: [],
  },
  getApp: {
    method: 'GET',
    path: '/apps/{ref}',
    tag: 'apps',
    summary: 'Show an app',
    params: REF,
    query: NOTHING,
    body: null,
    responses: { 200: appDetails },
    problems: ['not_found'],
  },
  putApp: {
    method: 'PUT',
    path: '/apps/{ref}',
    tag: 'apps',
    summary: 'Create an app of this name, or update it',
    params: NAME,
    query: NOTHING,
    body: putApp,
    responses: { 200: app, 201: app },
    problems: ['conflict'],
  },
  removeApp: {
    method: 'DELETE',
    path: '/apps/{ref}',
    tag: 'apps',
    summary: 'Remove an app that no credential uses',
    params: REF,
    query: NOTHING,
    body: null,
    responses: { 204: null },
    problems: ['not_found', 'in_use'],
  },
  listCredentials: {
    method: 'GET',
    path: '/credentials',
    tag: 'credentials',
    summary: 'List the credentials, without their secrets',
    params: NOTHING,
    query: PAGE,
    body: null,
    responses: { 200: credentialPage },
    problems: [],
  },
  getCredential: {
    method: 'GET',
    path: '/credentials/{ref}',
    tag: 'credentials',
    summary: 'Show a credential, without its secret',
    params: REF,
    query: NOTHING,
    body: null,
    responses: { 200: credential },
    problems: ['not_found'],
  },
  putCredential: {
    method: 'PUT',
    path: '/credentials/{ref}',
    tag: 'credentials',
    summary: 'Create a credential of this name, or update what is said about it',
    params: NAME,
    query: NOTHING,
    body: putCredential,
    responses: { 200: credential, 201: credential },
    problems: ['not_found', 'conflict', 'sandbox_key'],
  },
  rotateCredential: {
    method: 'POST',
    path: '/credentials/{ref}/rotate',
    tag: 'credentials',
    summary: 'Replace the secret, once a read with the new one shows the same number',
    params: REF,
    query: NOTHING,
    body: rotateCredential,
    responses: { 200: rotatedCredential },
    problems: [
      'not_found',
      'conflict',
      'sandbox_key',
      'credential_rejected',
      'identity_changed',
      'check_failed',
    ],
  },
  removeCredential: {
    method: 'DELETE',
    path: '/credentials/{ref}',
    tag: 'credentials',
    summary: 'Remove a credential that no channel uses',
    params: REF,
    query: NOTHING,
    body: null,
    responses: { 204: null },
    problems: ['not_found', 'in_use'],
  },
  listChannels: {
    method: 'GET',
    path: '/channels',
    tag: 'channels',
    summary: 'List the channels with what is known of each',
    params: NOTHING,
    query: listChannelsQuery,
    body: null,
    responses: { 200: channelPage },
    problems: ['not_found'],
  },
  getChannel: {
    method: 'GET',
    path: '/channels/{ref}',
    tag: 'channels',
    summary: 'Show a channel',
    params: REF,
    query: NOTHING,
    body: null,
    responses: { 200: channel },
    problems: ['not_found'],
  },
  putChannel: {
    method: 'PUT',
    path: '/channels/{ref}',
    tag: 'channels',
    summary: 'Create a channel of this name after one good look at it, or update it',
    params: NAME,
    query: NOTHING,
    body: putChannel,
    responses: { 200: channel, 201: channel },
    problems: ['not_found', 'conflict', 'sandbox_key', 'credential_rejected', 'check_failed'],
  },
  removeChannel: {
    method: 'DELETE',
    path: '/channels/{ref}',
    tag: 'channels',
    summary: 'Stop watching a channel and revoke its keys; `purge` erases its history too',
    params: REF,
    query: removeChannelQuery,
    body: null,
    responses: { 204: null },
    problems: ['not_found'],
  },
  getChannelHealth: {
    method: 'GET',
    path: '/channels/{ref}/health',
    tag: 'channels',
    summary: 'Tell what is known of the health of a channel, without asking anybody',
    params: REF,
    query: NOTHING,
    body: null,
    responses: { 200: channelHealth },
    problems: ['not_found'],
  },
  checkChannel: {
    method: 'POST',
    path: '/channels/{ref}/checks',
    tag: 'checks',
    summary: 'Ask the upstream now, and tell all that is known afterwards',
    params: REF,
    query: NOTHING,
    body: checkChannel,
    responses: { 200: channelHealth },
    problems: ['not_found', 'check_failed'],
  },
  checkNode: {
    method: 'POST',
    path: '/checks',
    tag: 'checks',
    summary: 'Ask for the health of any node that a credential can see; stored nowhere',
    params: NOTHING,
    query: NOTHING,
    body: checkNode,
    responses: { 200: nodeHealth },
    problems: ['not_found'],
  },
  listApiKeys: {
    method: 'GET',
    path: '/channels/{ref}/keys',
    tag: 'keys',
    summary: 'List the API keys of a channel, revoked ones included',
    params: REF,
    query: PAGE,
    body: null,
    responses: { 200: apiKeyPage },
    problems: ['not_found'],
  },
  addApiKey: {
    method: 'POST',
    path: '/channels/{ref}/keys',
    tag: 'keys',
    summary: 'Issue an API key for a channel, or adopt its 360dialog key',
    params: REF,
    query: NOTHING,
    body: addApiKey,
    responses: { 201: addedApiKey },
    problems: ['not_found', 'conflict'],
  },
  revokeApiKey: {
    method: 'DELETE',
    path: '/keys/{id}',
    tag: 'keys',
    summary: 'Revoke an API key; it opens nothing from now on',
    params: KEY_ID,
    query: NOTHING,
    body: null,
    responses: { 204: null },
    problems: ['not_found'],
  },
  ...MANAGEMENT_OPERATIONS,
  ...HISTORY_OPERATIONS,
  ...FLEET_OPERATIONS,
  ...INCIDENT_OPERATIONS,
  ...TELLING_OPERATIONS,
  ...SIGNAL_OPERATIONS,
  ...INSTANCE_OPERATIONS,
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof OPERATIONS;

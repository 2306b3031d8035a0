/** A server with an app whose secret is known, and webhooks as Meta sends them. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { startWorld } from './management-world.ts';
import type { World } from './management-world.ts';

const SECRET = 'canary-app-secret-0001';
export const META_DOOR = '/webhooks/meta/acme-app';
export const WABA = '102290129340398';

export async function startWithApp(): Promise<World> {
  const world = await startWorld();
  const body = { meta_app_id: '1234567890123456', secret: SECRET };
  const { status } = await world.api('PUT', '/apps/acme-app', { body });
  assert.equal(status, 201);
  return world;
}

export function signed(body: string, secret: string = SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

export function send(
  world: World,
  body: string,
  about: { readonly path?: string; readonly signature?: string | null } = {},
) {
  const { path = META_DOOR, signature = signed(body) } = about;
  const headers = signature === null ? {} : { 'x-hub-signature-256': signature };
  return world.ask('POST', path, { body, headers, token: null });
}

export function webhook(field: string, value: object): string {
  const entry = [{ id: WABA, time: 1743451903, changes: [{ field, value }] }];
  return JSON.stringify({ object: 'whatsapp_business_account', entry });
}

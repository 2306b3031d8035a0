/** The stage for tests of notifiers: all kinds over a way out that may go to this machine, and what they are sent. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createNotifiers } from '#app/create-notifiers.ts';
import { isJsonObject } from '#domain/json.ts';
import type { Message } from '#domain/telling/message.ts';
import type { ReceiverKind } from '#domain/telling/receiver.ts';
import type { WayOutOptions } from '#notifiers/transport/way-out.ts';
import type { Notifier, Sending, SendResult } from '#ports/notifier.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import { answers, ScriptedServer } from '#test/fakes/scripted-server.ts';
import { OPENED } from './acme-messages.ts';

export const NOW = Date.UTC(2026, 2, 1, 5, 20);
export const SIGNING_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
export const BOT_TOKEN = '123456:AAcanaryTelegramToken0123456789abcdef';

export interface Target {
  readonly kind: ReceiverKind;
  readonly settings: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

/** A receiver of each HTTP kind and preset, below this address. */
export function targetsAt(base: string): Readonly<Record<string, Target>> {
  const url = `${base}/services/T0CANARY/B0CANARY/canarySecretOfThePath?sig=canarySecretOfTheQuery`;
  return {
    webhook: { kind: 'webhook', settings: {}, secrets: { url, signing_secret: SIGNING_SECRET } },
    slack: { kind: 'slack', settings: {}, secrets: { url } },
    pagerduty: {
      kind: 'pagerduty',
      settings: { base_url: base },
      secrets: { routing_key: 'canary0123456789canary0123456789' },
    },
    alertmanager: {
      kind: 'alertmanager',
      settings: { urls: base },
      secrets: { authorization: 'Bearer canary-of-alertmanager' },
    },
    teams: { kind: 'teams', settings: {}, secrets: { url } },
    discord: { kind: 'template', settings: { preset: 'discord' }, secrets: { url } },
    telegram: {
      kind: 'template',
      settings: { preset: 'telegram', chat_id: '-1001234567890', base_url: base },
      secrets: { token: BOT_TOKEN },
    },
    template: {
      kind: 'template',
      settings: {
        body: JSON.stringify({
          text: '{{text}}',
          about: ['{{severity}} {{status}} {{number}} {{affected}}', { key: '{{key}}/{{id}}' }],
          head: '{{title}} {{lines}} {{link}} {{phase}} {{kind}} {{capability}} {{time}}',
          fixed: 7,
        }),
      },
      secrets: { url, authorization: 'Bearer canary-of-template' },
    },
  };
}

/** Notifiers that may connect to this machine, with a clock that stands still. */
export function notifiersOf(options: Partial<WayOutOptions> = {}) {
  return createNotifiers({ clock: createFakeClock(NOW), allow: ['127.0.0.0/8'], ...options });
}

export function sendingTo(target: Target, about: Partial<Sending> = {}): Sending {
  return {
    id: 'dl_01j0000000000000000000acme',
    attempt: 1,
    at: NOW,
    message: OPENED,
    receiver: {
      id: 'rcv_01j0000000000000000000acme',
      name: 'on-call',
      kind: target.kind,
      urgency: 'page',
      settings: target.settings,
      hint: '',
      zone: null,
      createdAt: NOW,
      updatedAt: NOW,
      brokenAt: null,
      failuresInARow: 0,
      heldUntil: 0,
    },
    secrets: target.secrets,
    isPlain: false,
    signal: new AbortController().signal,
    ...about,
  };
}

/** Sends to a target of this name on a server that accepts everything; gives what it was asked. */
export async function bodySent(name: string, message: Message, isPlain = false): Promise<string> {
  await using server = await ScriptedServer.start(answers({}));
  const result = await sendTo(name, server, { message, isPlain });
  assert.equal(result.outcome, 'delivered');
  return Buffer.from(server.seen[0]?.body ?? '', 'latin1').toString('utf8');
}

/** Sends to a target of this name on this server. */
export async function sendTo(
  name: string,
  server: ScriptedServer,
  about: Partial<Sending> = {},
): Promise<SendResult> {
  const target = targetsAt(server.url)[name];
  assert.ok(target, name);
  const notifier = notifiersOf()[target.kind];
  assert.deepEqual(notifier.check(target.settings, target.secrets), []);
  return await notifier.send(sendingTo(target, about));
}

type Texts = Readonly<Record<string, string>>;

/** All that a notifier says against settings and secrets, in one text. */
export function checked(notifier: Notifier, settings: Texts, secrets: Texts): string {
  return notifier.check(settings, secrets).join(' ');
}

/** The sentence of a result; empty when it is delivered. */
export function detailOf(result: SendResult): string {
  return result.outcome === 'delivered' ? '' : result.detail;
}

/** What a file of expected bodies says under a name. */
export function golden(file: string, name: string): unknown {
  const url = new URL(`../fixtures/notifiers/${file}.json`, import.meta.url);
  const cases: unknown = JSON.parse(readFileSync(url, 'utf8'));
  assert.ok(isJsonObject(cases) && name in cases, `${file}: ${name}`);
  return cases[name];
}

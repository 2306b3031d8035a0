/** What lets a client in: tokens of apps, and 360dialog keys of numbers. */
import { appSecretOf, indexOf, keyOfNumber, tokenOf } from './fleet.ts';
import { Refusal } from './refusal.ts';
import type { World } from './world.ts';

/** What reading the nodes of WhatsApp takes (docs/meta.md §1.1). */
export const MANAGEMENT_SCOPE = 'whatsapp_business_management';
/** What a token has unless the world says otherwise. */
export const USUAL_SCOPES: readonly string[] = [MANAGEMENT_SCOPE, 'whatsapp_business_messaging'];

export interface Token {
  readonly text: string;
  readonly appId: string;
  /** The WABAs it may read, each with what hangs on it; null for all. */
  readonly wabas: ReadonlySet<string> | null;
  /** Its permissions (docs/meta.md §6). */
  readonly scopes: readonly string[];
  /** Unix seconds; 0 for never. */
  readonly expiresAt: number;
  /** Why it is dead although it has not expired: a subcode of 190 (docs/meta.md §3.2), or null. */
  readonly rejected: number | null;
}

export const KEY_STATES = [
  'valid',
  'expired',
  'invalid',
  'disabled',
  'unpaid',
  'throttled',
  'forbidden',
  'broken',
  'unavailable',
] as const;
export type KeyState = (typeof KEY_STATES)[number];

export interface Key {
  readonly text: string;
  readonly numberId: string;
  readonly state: KeyState;
  /** When it is valid again by itself, ms; null for never. */
  readonly until: number | null;
}

export interface Webhook {
  readonly url: string;
  readonly headers?: Readonly<Record<string, unknown>>;
}

export class Credentials {
  readonly #world: World;
  readonly #tokens = new Map<string, Token>();
  readonly #keys = new Map<string, Key>();
  readonly #secrets = new Map<string, string>();
  readonly #proofRequired = new Set<string>();
  /** By number: a new key deletes it (docs/dialog360.md §2.4). */
  readonly #webhooks = new Map<string, Webhook>();

  constructor(world: World) {
    this.#world = world;
  }

  /** The token with this text, dead ones included; null for a text that never was one. */
  token(text: string): Token | null {
    return this.#tokens.get(text) ?? this.#generatedToken(text);
  }

  key(text: string): Key | null {
    const kept = this.#keys.get(text);
    if (kept) return kept;
    const numberId = this.#world.fleet.numberOfKey(text);
    return numberId === null ? null : { text, numberId, state: 'valid', until: null };
  }

  putToken(token: Token): void {
    this.#tokens.set(token.text, token);
  }

  putKey(key: Key): void {
    this.#keys.set(key.text, key);
  }

  /** The token or key that an instruction names; a Refusal when there is none. */
  namedToken(text: string): Token {
    const token = this.token(text);
    if (token) return token;
    throw new Refusal('No token of this world has that text.', 404);
  }

  namedKey(text: string): Key {
    const key = this.key(text);
    if (key) return key;
    throw new Refusal('No 360dialog key of this world has that text.', 404);
  }

  setSecret(appId: string, secret: string): void {
    this.#secrets.set(appId, secret);
  }

  secretOf(appId: string): string | null {
    const stated = this.#secrets.get(appId);
    if (stated !== undefined) return stated;
    return this.#world.fleet.node(appId)?.type === 'APP'
      ? appSecretOf(indexOf({ id: appId }))
      : null;
  }

  requireProof(appId: string, required: boolean): void {
    if (required) this.#proofRequired.add(appId);
    else this.#proofRequired.delete(appId);
  }

  requiresProof(appId: string): boolean {
    return this.#proofRequired.has(appId);
  }

  webhookOf(numberId: string): Webhook | null {
    return this.#webhooks.get(numberId) ?? null;
  }

  setWebhook(numberId: string, webhook: Webhook | null): void {
    if (webhook) this.#webhooks.set(numberId, webhook);
    else this.#webhooks.delete(numberId);
  }

  /** The ids of the WABAs that a token may read, in order. */
  wabasOf(token: Token): readonly string[] {
    return token.wabas === null ? this.#world.all('WABA') : [...token.wabas];
  }

  /** What the control API shows: stated and changed credentials, and how the generated ones look. */
  summary(): object {
    const { size } = this.#world.fleet;
    return {
      tokens: [...this.#tokens.values()].map(({ wabas, ...token }) => ({
        ...token,
        wabas: wabas === null ? '*' : [...wabas],
      })),
      keys: [...this.#keys.values()],
      generated_tokens: size.tokens > 0 ? [tokenOf(0), tokenOf(size.tokens - 1)] : [],
      generated_keys: size.numbers > 0 ? [keyOfNumber(0), keyOfNumber(size.numbers - 1)] : [],
    };
  }

  #generatedToken(text: string): Token | null {
    const { fleet } = this.#world;
    const index = fleet.tokenIndex(text);
    if (index < 0) return null;
    const token: Token = {
      text,
      appId: fleet.appOfToken(index),
      wabas: new Set(fleet.grantedTo(index)),
      scopes: USUAL_SCOPES,
      expiresAt: 0,
      rejected: null,
    };
    this.#tokens.set(text, token);
    return token;
  }
}

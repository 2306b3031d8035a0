/**
 * The generated part of a world: any number of nodes, computed from their ids when asked for, so that
 * 100,000 numbers cost nothing until one of them differs.
 *
 * An id has 15 digits: the first tells the type, the others the index. Numbers are spread over the
 * WABAs in blocks, WABAs over businesses and tokens likewise.
 */
import type { NodeType, SimNode } from './node.ts';

export interface FleetSize {
  readonly numbers: number;
  readonly wabas: number;
  readonly businesses: number;
  readonly apps: number;
  readonly tokens: number;
  /** Templates and flows of each WABA. */
  readonly templates: number;
  readonly flows: number;
  /** Whether business 0 is a partner, to which every WABA of the others is shared. */
  readonly partner: boolean;
}

export const NO_FLEET: FleetSize = {
  numbers: 0,
  wabas: 0,
  businesses: 0,
  apps: 0,
  tokens: 0,
  templates: 0,
  flows: 0,
  partner: false,
};

const KINDS: readonly { readonly type: NodeType; readonly word: string }[] = [
  { type: 'PHONE_NUMBER', word: 'number' },
  { type: 'WABA', word: 'waba' },
  { type: 'BUSINESS', word: 'business' },
  { type: 'MESSAGE_TEMPLATE', word: 'template' },
  { type: 'FLOW', word: 'flow' },
  { type: 'APP', word: 'app' },
];
const STEP = 100_000_000_000_000;
const NO_FIELDS: SimNode['fields'] = {};
const KEY_PREFIX = 'simkey-';
const TOKEN_PREFIX = 'EAAsim';
const DIGITS = 16;

export class Fleet {
  readonly size: FleetSize;

  constructor(size: FleetSize) {
    this.size = size;
  }

  countOf(type: NodeType): number {
    const { size } = this;
    if (type === 'PHONE_NUMBER') return size.numbers;
    if (type === 'WABA') return size.wabas;
    if (type === 'BUSINESS') return size.businesses;
    if (type === 'APP') return size.apps;
    return (type === 'FLOW' ? size.flows : size.templates) * size.wabas;
  }

  /** The node with this id; null when the id is not one of this fleet. */
  node(id: string): SimNode | null {
    if (id.length !== 15) return null;
    const number = Number(id);
    const kind = KINDS[Math.trunc(number / STEP) - 1];
    if (kind === undefined) return null;
    const index = number % STEP;
    if (!(index < this.countOf(kind.type))) return null;
    return {
      type: kind.type,
      id,
      name: `${kind.word}-${index}`,
      parentId: this.#parentOf(kind.type, index),
      partnerId: kind.type === 'WABA' ? this.#partnerOf(index) : null,
      fields: NO_FIELDS,
    };
  }

  /** The id behind a generated name such as `number-17`; null when there is none. */
  idOfName(name: string): string | null {
    const match = /^([a-z]+)-(\d{1,9})$/.exec(name);
    const kind = KINDS.find(({ word }) => word === match?.[1]);
    const index = Number(match?.[2]);
    return kind && index < this.countOf(kind.type) ? idOf(kind.type, index) : null;
  }

  /** The ids of this type under this parent, in order. */
  children(parentId: string, type: NodeType): readonly string[] {
    const parent = this.node(parentId);
    if (parent === null) return [];
    const index = indexOf(parent);
    const { size } = this;
    if (parent.type === 'BUSINESS' && type === 'WABA') {
      return idsOf(type, blockOf(index, size.wabas, size.businesses));
    }
    if (parent.type !== 'WABA') return [];
    if (type === 'PHONE_NUMBER') return idsOf(type, blockOf(index, size.numbers, size.wabas));
    if (type !== 'MESSAGE_TEMPLATE' && type !== 'FLOW') return [];
    const each = type === 'FLOW' ? size.flows : size.templates;
    return idsOf(type, { from: index * each, to: (index + 1) * each });
  }

  /** The ids of the WABAs shared to this business. */
  clients(businessId: string): readonly string[] {
    const business = this.node(businessId);
    if (business?.type !== 'BUSINESS' || indexOf(business) !== 0 || !this.size.partner) return [];
    return idsOf('WABA', { from: 0, to: this.size.wabas }).filter(
      (id) => this.node(id)?.parentId !== businessId,
    );
  }

  all(type: NodeType): readonly string[] {
    return idsOf(type, { from: 0, to: this.countOf(type) });
  }

  /** The index of a generated token; -1 when it is not one of this fleet. */
  tokenIndex(text: string): number {
    return indexIn(text, TOKEN_PREFIX, this.size.tokens);
  }

  /** The WABAs granted to a token: its block of all of them. */
  grantedTo(tokenIndex: number): readonly string[] {
    return idsOf('WABA', blockOf(tokenIndex, this.size.wabas, this.size.tokens));
  }

  appOfToken(tokenIndex: number): string {
    return idOf('APP', tokenIndex % Math.max(1, this.size.apps));
  }

  /** The number whose 360dialog key this is; null when it is not one of this fleet. */
  numberOfKey(text: string): string | null {
    const index = indexIn(text, KEY_PREFIX, this.size.numbers);
    return index < 0 ? null : idOf('PHONE_NUMBER', index);
  }

  #parentOf(type: NodeType, index: number): string | null {
    const { size } = this;
    if (type === 'BUSINESS' || type === 'APP') return null;
    if (type === 'WABA') return idOf('BUSINESS', spread(index, size.wabas, size.businesses));
    if (type === 'PHONE_NUMBER') return idOf('WABA', spread(index, size.numbers, size.wabas));
    return idOf('WABA', Math.trunc(index / (type === 'FLOW' ? size.flows : size.templates)));
  }

  #partnerOf(wabaIndex: number): string | null {
    const owner = spread(wabaIndex, this.size.wabas, this.size.businesses);
    return this.size.partner && owner !== 0 ? idOf('BUSINESS', 0) : null;
  }
}

export function idOf(type: NodeType, index: number): string {
  return String((KINDS.findIndex((kind) => kind.type === type) + 1) * STEP + index);
}

export function indexOf(node: Pick<SimNode, 'id'>): number {
  return Number(node.id) % STEP;
}

/** The 360dialog key of the generated number with this index. */
export function keyOfNumber(index: number): string {
  return KEY_PREFIX + String(index).padStart(DIGITS, '0');
}

/** The generated token with this index. */
export function tokenOf(index: number): string {
  return TOKEN_PREFIX + String(index).padStart(DIGITS, '0');
}

/** The secret of the generated app with this index: 32 hex digits, as Meta's are. */
export function appSecretOf(index: number): string {
  return index.toString(16).padStart(32, '0123456789abcdef');
}

/** Which of `groups` holds item `index` of `count`, when they are dealt out in blocks. */
function spread(index: number, count: number, groups: number): number {
  return Math.floor((index * groups) / count);
}

function blockOf(group: number, count: number, groups: number): { from: number; to: number } {
  return {
    from: Math.ceil((group * count) / groups),
    to: Math.ceil(((group + 1) * count) / groups),
  };
}

function idsOf(type: NodeType, { from, to }: { from: number; to: number }): readonly string[] {
  const first = Number(idOf(type, from));
  return Array.from({ length: Math.max(0, to - from) }, (_, offset) => String(first + offset));
}

function indexIn(text: string, prefix: string, count: number): number {
  if (!text.startsWith(prefix) || text.length !== prefix.length + DIGITS) return -1;
  const index = Number(text.slice(prefix.length));
  return index < count ? index : -1;
}

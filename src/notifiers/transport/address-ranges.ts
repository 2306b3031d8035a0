/**
 * Which addresses are nobody's on the open internet: this machine, the network around it, a cloud's own services,
 * and ranges that lead nowhere (the special-purpose registries of IANA, RFC 6890).
 */
import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** A range that is refused unless somebody allows it. */
interface Range {
  readonly cidrs: readonly string[];
  /** Completes "leads to …". */
  readonly what: string;
  /** Whether allowing all private addresses allows it: what a network of one's own consists of. */
  readonly isPrivate: boolean;
}

const IPV4_RANGES: readonly Range[] = [
  { cidrs: ['127.0.0.0/8'], what: 'this machine itself', isPrivate: true },
  {
    cidrs: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
    what: 'a private address',
    isPrivate: true,
  },
  { cidrs: ['100.64.0.0/10'], what: "a provider's shared address", isPrivate: true },
  {
    // 168.63.129.16 looks public and is Azure's own service on every machine there.
    cidrs: ['169.254.0.0/16', '168.63.129.16/32'],
    what: "a link-local or a cloud's own address",
    isPrivate: false,
  },
  { cidrs: ['224.0.0.0/4'], what: 'a multicast address', isPrivate: false },
  {
    cidrs: [
      '0.0.0.0/8',
      '192.0.0.0/24',
      '192.0.2.0/24',
      '192.88.99.0/24',
      '198.18.0.0/15',
      '198.51.100.0/24',
      '203.0.113.0/24',
      '240.0.0.0/4',
    ],
    what: 'a reserved address',
    isPrivate: false,
  },
];

const IPV6_RANGES: readonly Range[] = [
  { cidrs: ['::1/128'], what: 'this machine itself', isPrivate: true },
  { cidrs: ['fc00::/7'], what: 'a private address', isPrivate: true },
  { cidrs: ['fe80::/10'], what: "a link-local or a cloud's own address", isPrivate: false },
  { cidrs: ['ff00::/8'], what: 'a multicast address', isPrivate: false },
  {
    cidrs: ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
    what: 'a reserved address',
    isPrivate: false,
  },
];

/** All of IPv6 that is given out to the open internet; whatever lies outside is reserved. */
const IPV6_GLOBAL = blockListOf(['2000::/3']);

const LISTS = [...IPV4_RANGES, ...IPV6_RANGES].map((range) => ({
  range,
  list: blockListOf(range.cidrs),
}));

const RESERVED: Range = { cidrs: [], what: 'a reserved address', isPrivate: false };

/** The refused range that the address lies in; null when it is one of the open internet. */
export function rangeOf(address: string): Omit<Range, 'cidrs'> | null {
  const plain = plainAddress(address);
  if (plain === null) return RESERVED;
  const found = LISTS.find(({ list }) => contains(list, plain));
  if (found !== undefined) return found.range;
  return isIPv4(plain) || contains(IPV6_GLOBAL, plain) ? null : RESERVED;
}

/**
 * The address without its zone, and the IPv4 address inside an IPv6 one that stands for it: mapped (::ffff:0:0/96)
 * and translated by NAT64 (64:ff9b::/96). Null for what is no address.
 */
export function plainAddress(address: string): string | null {
  const [bare = ''] = address.split('%');
  if (isIPv4(bare)) return bare;
  if (!isIPv6(bare)) return null;
  const groups = groupsOf(bare);
  const prefix = groups.slice(0, 6).join(':');
  if (prefix !== '0:0:0:0:0:ffff' && prefix !== '64:ff9b:0:0:0:0') return bare;
  const [high = 0, low = 0] = groups.slice(6).map((group) => Number.parseInt(group, 16));
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

/** The eight groups in lower-case hex without leading zeros; the URL parser has resolved dotted endings. */
function groupsOf(address: string): readonly string[] {
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after];
}

/** A list of these ranges (`10.0.0.0/8`, `fd00::/8`) or single addresses. Throws RangeError for anything else. */
export function blockListOf(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', bits, further] = cidr.trim().split('/');
    const family = familyOf(address);
    const bitsMax = family === 'ipv4' ? 32 : 128;
    const prefix = bits === undefined ? bitsMax : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
    if (family === null || further !== undefined || prefix < 0 || prefix > bitsMax)
      throw new RangeError(cidr);
    list.addSubnet(address, prefix, family);
  }
  return list;
}

/** Whether the list holds this plain address. */
export function contains(list: BlockList, plain: string): boolean {
  return list.check(plain, familyOf(plain) ?? 'ipv4');
}

function familyOf(address: string): 'ipv4' | 'ipv6' | null {
  if (isIPv4(address)) return 'ipv4';
  return isIPv6(address) ? 'ipv6' : null;
}

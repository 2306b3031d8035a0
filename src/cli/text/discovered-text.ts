/** What a credential can see, and what was added of it, for a person. */
import type { AddedNumbers } from '#cli/add-found.ts';
import type { Discovered, FoundNumber, Unreadable } from '#cli/discovery.ts';
import { inert } from './inert.ts';
import { tableText, wrapped } from './layout.ts';

export function discoveredText({ wabas, numbers, unreadable }: Discovered, width: number): string {
  const names = new Map(wabas.map(({ id, name }) => [id, name]));
  const rows = numbers.map((number) => [
    inert(number.display_number ?? '–'),
    inert(number.verified_name ?? '–'),
    inert(number.node_id),
    inert(names.get(number.waba_id) ?? number.waba_id),
    watchText(number),
  ]);
  const head = ['Number', 'Verified name', 'Node', 'WABA', ''];
  const free = numbers.filter(({ standing }) => standing === 'unwatched').length;
  const counted = `${numbers.length} numbers in ${wabas.length} WABAs, ${free} of them not watched.`;
  const parts = [
    rows.length === 0 ? '' : tableText({ head, rows }),
    counted,
    unreadableText(unreadable, width),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

export function addedText({
  added,
  refused,
  found,
  dryRun,
  width,
}: AddedNumbers & {
  readonly found: Discovered;
  readonly dryRun: boolean;
  readonly width: number;
}): string {
  const rows = added.map(({ name, number }) => [
    name,
    inert(number.display_number ?? '–'),
    inert(number.verified_name ?? '–'),
    inert(number.node_id),
  ]);
  const said = dryRun ? 'would be watched (nothing was added)' : 'are watched now';
  const wrong = refused.map(({ name, why }) => wrapped(`${name}: ${inert(why)}`, width, 2));
  const parts = [
    rows.length === 0 ? '' : tableText({ head: ['Name', 'Number', 'Verified name', 'Node'], rows }),
    `${added.length} numbers ${said}.`,
    wrong.length === 0 ? '' : ['Refused:', ...wrong.map((line) => `  ${line}`)].join('\n'),
    unreadableText(found.unreadable, width),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function watchText({ standing, channel }: FoundNumber): string {
  if (channel === null) return 'not watched';
  const moved = standing === 'moved' ? ', known under another WABA' : '';
  return `watched as ${inert(channel.name)}${moved}`;
}

const LISTS: Readonly<Record<string, string>> = {
  token: 'What the token is',
  businesses: 'The businesses of the token',
  owned_wabas: 'The WABAs of business',
  client_wabas: 'The WABAs shared with business',
  numbers: 'The numbers of WABA',
};

function unreadableText(unreadable: readonly Unreadable[], width: number): string {
  const lines = unreadable.map(({ what, of, failure }) => {
    const list = `${LISTS[what] ?? inert(what)}${of === null ? '' : ` ${inert(of)}`}`;
    return `  ${wrapped(`${list}: ${inert(failure.detail)}`, width - 2, 4)}`;
  });
  return lines.length === 0 ? '' : ['Could not be read:', ...lines].join('\n');
}

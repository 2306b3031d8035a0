/** Adds numbers that were found as channels: named after what Meta says, each whole or not at all. */
import { ClientProblem } from '#client/client-problem.ts';
import type { Client } from '#client/create-client.ts';
import { nameFor } from '#domain/channel-name.ts';
import type { FoundNumber } from './discovery.ts';
import { inParallel } from './in-parallel.ts';
import type { Terminal } from './terminal.ts';

export interface Chosen {
  readonly number: FoundNumber;
  readonly name: string;
}

export interface AddedNumbers {
  readonly added: readonly Chosen[];
  readonly refused: readonly (Chosen & { readonly why: string })[];
}

const WIDTH = 8;

/** Names of their own for all of them; `taken` are those that the fleet has. */
export function namesFor(
  numbers: readonly FoundNumber[],
  template: string,
  taken: Iterable<string>,
): readonly Chosen[] {
  const used = new Set(taken);
  return numbers.map((number) => {
    const facts = {
      verifiedName: number.verified_name,
      displayNumber: number.display_number,
      nodeId: number.node_id,
      wabaId: number.waba_id,
    };
    const name = nameFor(template, facts, used);
    used.add(name);
    return { number, name };
  });
}

/** What the server refuses is told with its sentence; the others are added all the same. */
export async function addFound(
  chosen: readonly Chosen[],
  about: {
    readonly client: Client;
    readonly terminal: Terminal;
    readonly credential: string;
    readonly labels: Readonly<Record<string, string>>;
  },
): Promise<AddedNumbers> {
  const { client, terminal, credential, labels } = about;
  const added: Chosen[] = [];
  const refused: (Chosen & { readonly why: string })[] = [];
  await inParallel(chosen, { width: WIDTH, what: 'Adding channels', terminal }, async (one) => {
    const node_id = one.number.node_id;
    const source = { upstream: 'graph', credential: { ref: credential }, node_id } as const;
    try {
      await client.putChannel({ params: { ref: one.name }, body: { ...source, labels } });
      added.push(one);
    } catch (error) {
      if (!(error instanceof ClientProblem)) throw error;
      refused.push({ ...one, why: error.message });
    }
  });
  return { added, refused };
}

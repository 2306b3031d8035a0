/**
 * Does what a plan says, through the management API: each channel is whole afterwards or untouched, so that
 * whatever stops this half-way, the same import goes on where it ended.
 */
import { DECIDED_MAX } from '#api/decision.ts';
import { ClientProblem } from '#client/client-problem.ts';
import type { Client } from '#client/create-client.ts';
import { inParallel } from '#cli/in-parallel.ts';
import type { Terminal } from '#cli/terminal.ts';
import type { ChannelStep, CredentialStep, Plan } from './plan.ts';
import type { Refused } from './wish.ts';

/** Calls at once: each may be a read at Meta, of which the server takes many more. */
const WIDTH = 8;

export interface Done {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly moved: readonly string[];
  readonly retired: readonly string[];
  readonly credentials: readonly string[];
  readonly refused: readonly Refused[];
}

export interface ApplyMeans {
  readonly client: Client;
  readonly terminal: Terminal;
  /** What history says of channels that are retired. */
  readonly reason: string;
}

export async function applyPlan(plan: Plan, means: ApplyMeans): Promise<Done> {
  const { client, terminal } = means;
  const attempts = new Attempts();
  const parallel = (what: string) => ({ width: WIDTH, what, terminal });
  const credentials: string[] = [];
  await inParallel(plan.credentials, parallel('Adding credentials'), async (step) => {
    const work = () => putCredential(client, step);
    if (await attempts.succeeds('credential', step, work)) credentials.push(step.name);
  });
  const channels: Record<ChannelStep['do'], string[]> = { add: [], change: [], move: [] };
  await inParallel(plan.channels, parallel('Adding channels'), async (step) => {
    const work = () => applyChannel(client, step);
    if (await attempts.succeeds('channel', step, work)) channels[step.do].push(step.name);
  });
  const retired = await retire(plan.retire, attempts, means);
  const { add: added, change: changed, move: moved } = channels;
  const refused = [...plan.refused, ...attempts.refused];
  return { credentials, added, changed, moved, retired, refused };
}

/** What the server did not do, and why. Once it cannot be reached, nothing else is tried. */
class Attempts {
  readonly refused: Refused[] = [];
  #stopped: string | null = null;

  async succeeds(
    what: Refused['what'],
    { at, name }: { readonly at: string; readonly name: string },
    work: () => Promise<void>,
  ): Promise<boolean> {
    const why = this.#stopped ?? (await this.#failureOf(work));
    if (why !== null) this.refused.push({ at, what, name, why });
    return why === null;
  }

  async #failureOf(work: () => Promise<void>): Promise<string | null> {
    try {
      await work();
      return null;
    } catch (error) {
      if (!(error instanceof ClientProblem)) throw error;
      if (ENDING.has(error.code)) {
        this.#stopped ??= `Not tried: ${error.message} Run the same import again to go on.`;
      }
      return error.message;
    }
  }
}

/** After these every other call would end the same way. */
const ENDING: ReadonlySet<string> = new Set(['unreachable', 'unauthorized', 'store_unavailable']);

async function putCredential(client: Client, { name, body }: CredentialStep): Promise<void> {
  await client.putCredential({ params: { ref: name }, body });
}

async function applyChannel(client: Client, step: ChannelStep): Promise<void> {
  const { name, body } = step;
  const params = { ref: name };
  if (step.do === 'move') {
    const { upstream, credential, node_id = null } = body;
    await client.moveChannel({ params, body: { upstream, credential, node_id } });
  }
  await client.putChannel({ params, body });
}

async function retire(
  names: readonly string[],
  attempts: Attempts,
  { client, terminal, reason }: ApplyMeans,
): Promise<readonly string[]> {
  const lots = Array.from({ length: Math.ceil(names.length / DECIDED_MAX) }, (_, at) =>
    names.slice(at * DECIDED_MAX, (at + 1) * DECIDED_MAX),
  );
  const retired: string[] = [];
  await inParallel(lots, { width: 1, what: 'Retiring channels', terminal }, async (channels) => {
    const about = { at: 'not in the file', name: channels.join(', ') };
    await attempts.succeeds('channel', about, async () => {
      const { body } = await client.retireChannels({ body: { channels, reason } });
      retired.push(...body.items.filter(({ changed }) => changed).map(({ ref }) => ref));
    });
  });
  return retired;
}

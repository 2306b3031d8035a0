/** Graph's adapter before the simulator, with everything on the way between them remembered. */
import { Secret } from '#domain/secret.ts';
import type { Access, Question } from '#ports/upstream.ts';
import type { WorldFile } from '#simulator/world-file.ts';
import { createGraph } from '#upstreams/graph/graph.ts';
import type { Graph } from '#upstreams/graph/graph.ts';
import { createTransport } from '#upstreams/transport/transport.ts';
import { createFakeClock } from '#test/fakes/clock.ts';
import type { FakeClock } from '#test/fakes/clock.ts';
import { RecordingRelay } from '#test/fakes/recording-relay.ts';
import { ACME_APP, ACME_TOKEN, APP_SECRET, startAcme, SUPPORT } from '#test/simulator/acme.ts';
import type { AcmeSimulator } from '#test/simulator/acme.ts';

export const TIMEOUT_MS = 10_000;

export class GraphWorld implements AsyncDisposable {
  /** The simulator's too: proofs carry the time. */
  readonly clock: FakeClock;
  readonly simulator: AcmeSimulator;
  readonly relay: RecordingRelay;
  readonly graph: Graph;

  private constructor(clock: FakeClock, simulator: AcmeSimulator, relay: RecordingRelay) {
    this.clock = clock;
    this.simulator = simulator;
    this.relay = relay;
    const transport = createTransport({ clock });
    this.graph = createGraph({ transport, clock, baseUrl: `${relay.url}/graph` });
  }

  static async start(world?: WorldFile): Promise<GraphWorld> {
    const clock = createFakeClock();
    const simulator = await startAcme(world === undefined ? { clock } : { clock, world });
    const relay = await RecordingRelay.start(simulator.url);
    return new GraphWorld(clock, simulator, relay);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.graph.close();
    await this.relay[Symbol.asyncDispose]();
    await this.simulator.close();
  }
}

/** The access of a token; with the app's secret each call carries a proof. */
export function accessOf(token: string = ACME_TOKEN, appSecret: string | null = null): Access {
  const secret = appSecret === null ? null : new Secret(appSecret);
  return { secret: new Secret(token), app: secret && { metaAppId: ACME_APP, secret } };
}

export const PROVEN = accessOf(ACME_TOKEN, APP_SECRET);

export function questionOf(nodeId: string = SUPPORT, access: Access = accessOf()): Question {
  return { nodeId, access, timeoutMs: TIMEOUT_MS };
}

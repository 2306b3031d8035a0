/** An upstream before a server that answers what a test says, with a clock that stands still. */
import assert from 'node:assert/strict';
import type { Failure, FailureCode } from '#domain/failure.ts';
import { Secret } from '#domain/secret.ts';
import type { Clock } from '#ports/clock.ts';
import type {
  Answer,
  BatchAnswer,
  FieldsAnswer,
  ProfileAnswer,
  ProfileQuestion,
  Question,
  Upstream,
} from '#ports/upstream.ts';
import { createTransport } from '#upstreams/transport/transport.ts';
import type { Transport, TransportOptions } from '#upstreams/transport/transport.ts';
import { createFakeClock } from './clock.ts';
import { ScriptedServer, answers } from './scripted-server.ts';
import type { Script, ScriptedAnswer } from './scripted-server.ts';

export interface UpstreamSubject {
  /** The node to ask for; null where the key alone decides. */
  readonly nodeId: string | null;
  /** What it means when Meta rejects the token that it is asked with: behind a provider, another's. */
  readonly tokenRejected: FailureCode;
  open(options: OpenOptions): Upstream;
  /** How it puts these answers into one reply. */
  batched(answers: readonly ScriptedAnswer[]): ScriptedAnswer;
}

interface OpenOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly baseUrl: string;
}

/** The secret of Acme's channel *support*. */
export const ACME_SECRET = new Secret('EAAGm0PX4ZCpsBAKZCacmesupportZBZAq0123456789ZDZD');

export const ONE_SECOND_MS = 1_000;

export class Stage implements AsyncDisposable {
  readonly server: ScriptedServer;
  readonly clock = createFakeClock();
  readonly upstream: Upstream;
  readonly #subject: UpstreamSubject;

  private constructor(
    subject: UpstreamSubject,
    server: ScriptedServer,
    { path, ...options }: StageOptions,
  ) {
    this.server = server;
    this.#subject = subject;
    const { clock } = this;
    const transport = createTransport({ clock, ...options });
    this.upstream = subject.open({ transport, clock, baseUrl: `${server.url}${path ?? ''}` });
  }

  static async start(
    subject: UpstreamSubject,
    script: Script,
    options: StageOptions & { readonly tls?: boolean } = {},
  ): Promise<Stage> {
    const { tls = false, ...rest } = options;
    return new Stage(subject, await ScriptedServer.start(script, { tls }), rest);
  }

  read(about: Partial<Question> = {}): Promise<Answer> {
    return this.upstream.read(this.question(about));
  }

  readFields(fields: readonly string[], about: Partial<Question> = {}): Promise<FieldsAnswer> {
    return this.upstream.readFields(this.question(about), fields);
  }

  /** Asks these questions at once; one unless told. */
  readBatch(questions: readonly Partial<Question>[] = [{}]): Promise<BatchAnswer> {
    return this.upstream.readBatch(
      questions.map((about) => this.question(about)),
      ONE_SECOND_MS,
    );
  }

  readProfile(about: Partial<ProfileQuestion> = {}): Promise<ProfileAnswer> {
    return this.upstream.readProfile({ ...about, ...this.question(about) });
  }

  question(about: Partial<Question>): Question {
    const access = { secret: ACME_SECRET, app: null };
    return { nodeId: this.#subject.nodeId, access, timeoutMs: ONE_SECOND_MS, ...about };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.upstream.close();
    await this.server[Symbol.asyncDispose]();
  }
}

type StageOptions = Partial<TransportOptions> & { readonly path?: string };

/** The plainest good body, parsed. */
export const GOOD = { health_status: { can_send_message: 'AVAILABLE', entities: [] }, id: '1' };

/** Reads this answer and gives its failure, which must have this code. */
export async function fails(
  subject: UpstreamSubject,
  answer: ScriptedAnswer,
  ...[code, what]: readonly [code: FailureCode, what?: string]
): Promise<Failure> {
  await using stage = await Stage.start(subject, answers(answer));
  const read = await stage.read();
  assert.ok(!read.ok, `${what ?? 'it'} passed for a good read`);
  assert.equal(read.failure.code, code, `${what ?? ''} ${read.failure.detail}`);
  return read.failure;
}

/** Reads this answer, which must be good; its body is `GOOD` unless it has one. */
export async function isGood(subject: UpstreamSubject, answer: ScriptedAnswer): Promise<void> {
  const body = JSON.stringify(GOOD);
  await using stage = await Stage.start(subject, answers({ body, ...answer }));
  const read = await stage.read();
  assert.ok(read.ok, JSON.stringify(read));
}

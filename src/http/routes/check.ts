import type { Assessment } from '#domain/assessment.ts';
import { assessmentOf } from '#domain/assessment.ts';
import type { Outcome } from '#domain/channel-state.ts';
import { NEVER_READ, stateAfter } from '#domain/channel-state.ts';
import type { Credential } from '#domain/credential.ts';
import { DEFAULT_CHECK_INTERVAL_MS } from '#domain/freshness.ts';
import type { HttpContext } from '#http/context.ts';
import { checkNode } from '#monitor/check-node.ts';
import { NO_NAMES } from '#ports/profiles.ts';
import { channelHealthView } from './channel-health-view.ts';
import type { Handlers } from './handler.ts';
import { found, timestampOf } from './handler.ts';
import { failureView, judgementView } from './judgement-view.ts';

export const checkRoutes: Handlers<'checkChannel' | 'checkNode'> = {
  async checkChannel({ params: { ref } }, context) {
    const { store, policy } = context.monitor.deps;
    const asked = found(await store.read((view) => view.channels.find(ref)), 'channel', ref);
    const { channel, state } = await context.monitor.checkChannel(asked.id, {
      timeoutMs: policy.readTimeoutMs,
      forced: true,
    });
    const about = await store.read(async (view) => {
      const credential = await view.credentials.find(channel.credentialId);
      const names = (await view.channels.findRow(channel.id))?.names ?? NO_NAMES;
      return { billedBy: credential?.billedBy ?? 'unknown', names } as const;
    });
    const facts = { channel, state, ...about };
    return { status: 200, body: channelHealthView(facts, context) };
  },

  async checkNode({ body }, context) {
    const { credential: ref, node_id: nodeId } = body;
    const { outcome } = await checkNode(context.monitor, { credential: ref, nodeId });
    const credential = await context.monitor.deps.store.read((view) => view.credentials.find(ref));
    const assessment = assess(outcome, found(credential, 'credential', ref), context);
    const view = judgementView(assessment, outcome.ok ? outcome.snapshot.report : null);
    return {
      status: 200,
      body: {
        node_id: nodeId,
        ...view,
        read_at: outcome.ok ? timestampOf(outcome.snapshot.readAt) : null,
        failure: outcome.ok ? null : failureView(outcome.failure),
      },
    };
  },
};

/** Of one read without a history: nothing is said about since when. */
function assess(
  outcome: Outcome,
  { upstream, billedBy }: Credential,
  { clock, digest }: HttpContext,
): Assessment {
  const assessment = assessmentOf(stateAfter(NEVER_READ, outcome), {
    checkIntervalMs: DEFAULT_CHECK_INTERVAL_MS[upstream],
    upstream,
    billedBy,
    now: clock.now(),
    sha256Hex: (text) => digest.sha256Hex(text),
  });
  return { ...assessment, standing: { ...assessment.standing, since: null } };
}

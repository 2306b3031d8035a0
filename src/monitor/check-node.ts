/** An ad-hoc read of any node: a template, a flow, a WABA, a number not yet watched. Stored nowhere. */
import type { Outcome } from '#domain/channel-state.ts';
import { Problem } from '#domain/problem.ts';
import { accessOf } from './access.ts';
import type { Monitor } from './monitor.ts';
import { invalidRequest, isMetaId } from './name-check.ts';
import { trialRead } from './trial-read.ts';

/** Throws Problem `not_found` (the credential), `invalid_request`. A failed read is an outcome. */
export async function checkNode(
  { deps }: Monitor,
  { credential: ref, nodeId }: { readonly credential: string; readonly nodeId: string },
): Promise<{ readonly outcome: Outcome }> {
  if (!isMetaId(nodeId)) {
    throw invalidRequest([{ at: 'node_id', message: 'must be an id of Meta: 1 to 32 digits' }]);
  }
  const { upstream, access } = await deps.store.read(async (view) => {
    const credential = await view.credentials.find(ref);
    if (credential === null) throw new Problem('not_found', `There is no credential ${ref}.`);
    return { upstream: credential.upstream, access: await accessOf(view, credential) };
  });
  if (upstream !== 'graph') {
    const message =
      'must be one for graph: a 360dialog key answers about its own number only; check its channel';
    throw invalidRequest([{ at: 'credential', message }]);
  }
  const { outcome } = await trialRead(deps, { upstream, access, nodeId, pinned: null });
  return { outcome };
}

/** Whether what a person says of a channel has the right form: everything wrong is said at once. */
import { CHECK_INTERVAL_MS_MIN } from '#domain/freshness.ts';
import type { ProblemItem } from '#domain/problem.ts';
import type { ChannelWish } from './channel-wish.ts';
import { APP_ON_DIALOG360, invalidRequest, isMetaId, requireSecret } from './name-check.ts';

const LABELS_MAX = 32;
const LABEL_NAME = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$/;
const LABEL_VALUE = /^[^\p{Cc}]{0,128}$/u;
const EXTERNAL_ID = /^[^\p{Cc}]{1,128}$/u;
const INTERVAL_MS_MAX = 86_400_000;

/** Throws Problem `invalid_request` with an item for each thing, or `sandbox_key`. */
export function requireChannelWish(wish: ChannelWish): void {
  const items = [
    ...wrongNode(wish),
    ...wrongApp(wish),
    ...wrongAdoption(wish),
    ...wrongExternalId(wish),
    ...wrongLabels(wish),
    ...wrongInterval(wish),
  ];
  if (items.length > 0) throw invalidRequest(items);
  if ('secret' in wish.credential) requireSecret(wish.credential.secret, wish.upstream);
}

/** The same for whom a channel asks, alone. */
export function requireSource(source: Source): void {
  const items = [...wrongNode(source), ...wrongApp(source)];
  if (items.length > 0) throw invalidRequest(items);
  if ('secret' in source.credential) requireSecret(source.credential.secret, source.upstream);
}

type Source = Pick<ChannelWish, 'upstream' | 'nodeId' | 'credential'>;

function wrongNode({ upstream, nodeId }: Source): readonly ProblemItem[] {
  const at = 'node_id';
  if (upstream === 'dialog360') {
    if (nodeId === null) return [];
    return [{ at, message: 'must be left out on dialog360: the key alone decides which number' }];
  }
  if (nodeId !== null && isMetaId(nodeId)) return [];
  return [{ at, message: 'must be the id of the phone number (or WABA) at Meta: 1 to 32 digits' }];
}

function wrongApp({ upstream, credential }: Source): readonly ProblemItem[] {
  if (upstream === 'graph' || 'ref' in credential || credential.app === null) return [];
  return [{ at: 'credential.app', message: APP_ON_DIALOG360 }];
}

function wrongAdoption({ upstream, adoptKey }: ChannelWish): readonly ProblemItem[] {
  if (!adoptKey || upstream === 'dialog360') return [];
  return [{ at: 'adopt_key', message: 'must be false on graph: only a 360dialog key is adopted' }];
}

function wrongExternalId({ externalId }: ChannelWish): readonly ProblemItem[] {
  if (externalId === null || EXTERNAL_ID.test(externalId)) return [];
  return [
    {
      at: 'external_id',
      message: 'must be text of 1 to 128 characters without control characters',
    },
  ];
}

function wrongLabels({ labels }: ChannelWish): readonly ProblemItem[] {
  const entries = Object.entries(labels);
  if (entries.length > LABELS_MAX) {
    return [{ at: 'labels', message: `must be at most ${LABELS_MAX} labels` }];
  }
  return entries.flatMap(([label, value]) => {
    const isRight = LABEL_NAME.test(label) && LABEL_VALUE.test(value);
    const message =
      'must have a name of 1 to 63 letters, digits, ".", "_", "/" or "-" and a value of at most ' +
      '128 characters without control characters';
    return isRight ? [] : [{ at: `labels.${label.slice(0, 63)}`, message }];
  });
}

function wrongInterval({ checkIntervalMs: ms }: ChannelWish): readonly ProblemItem[] {
  if (ms === null) return [];
  if (Number.isSafeInteger(ms) && ms >= CHECK_INTERVAL_MS_MIN && ms <= INTERVAL_MS_MAX) return [];
  const message = `must be from ${CHECK_INTERVAL_MS_MIN / 1000} s to 24 h`;
  return [{ at: 'check_interval_seconds', message }];
}

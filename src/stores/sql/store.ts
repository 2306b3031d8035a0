/** The store over any engine: transactions and the views of one transaction. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Problem } from '#domain/problem.ts';
import type { Store, StoreChange, StoreView } from '#ports/store.ts';
import { apiKeysChange, apiKeysView } from './api-keys.ts';
import { appsChange, appsView } from './apps.ts';
import { channelsChange, channelsView } from './channels.ts';
import { credentialsChange, credentialsView } from './credentials.ts';
import { budgetsChange, budgetsView } from './budgets.ts';
import { type Db, type Engine, TakenError } from './engine.ts';
import { fleetView } from './fleet.ts';
import { historyChange, historyView } from './history.ts';
import { createOwnDues } from './own-dues.ts';
import { outboxChange, outboxView } from './outbox.ts';
import { incidentsChange, incidentsView } from './incidents.ts';
import { profilesChange, profilesView } from './profiles.ts';
import { receiversChange, receiversView } from './receivers.ts';
import { rulesChange, rulesView } from './rules.ts';
import { scheduleChange, scheduleView } from './schedule.ts';
import type { Sealer } from './sealing.ts';
import { seenNumbersChange, seenNumbersView } from './seen-numbers.ts';
import { settingsChange, settingsView } from './settings.ts';
import { signalsChange, signalsView } from './signals.ts';
import { silencesChange, silencesView } from './silences.ts';
import { tokenFactsChange, tokenFactsView } from './token-facts.ts';
import { talliesChange, talliesView } from './tallies.ts';

/** More calls than this at once are more than will be served in any useful time. */
const CALLS_MAX = 50_000;

/** Scans take their turns, each up to seconds: whoever came after these would wait for minutes. */
const SCANS_MAX = 100;

export interface SqlStoreParts {
  /** Connections that only read, and those that write: a read never waits for a change. */
  readonly reader: Db;
  readonly writer: Db;
  /** Where work that may touch many rows runs, off the main thread; the reader unless given. */
  readonly scanner?: Db;
  readonly engine: Engine;
  readonly sealer: Sealer;
  /** Tells of what other programs changed; what this one makes due is told here. */
  readonly follow: Store['follow'];
  /** Closes both, after the last call has ended. */
  readonly close: () => Promise<void>;
}

/** A store over these connections. It owns them: `close` closes them. */
export function createSqlStore(parts: SqlStoreParts): Store {
  const { reader, writer, scanner = reader, engine, sealer, close } = parts;
  const scans = { running: 0 };
  const ownDues = createOwnDues(engine);
  const calls = new Set<Promise<unknown>>();
  const inside = new AsyncLocalStorage<{ ended: boolean }>();
  let closed: Promise<void> | null = null;

  /** Counts the call, and refuses one made inside another, which would wait for itself for ever. */
  async function call<T>(transact: () => Promise<T>): Promise<T> {
    if (closed !== null) throw new Problem('store_unavailable', 'The store is closed.');
    if (inside.getStore()?.ended === false) {
      throw new Error('inside store.read and store.change only the view they gave may be used');
    }
    if (calls.size >= CALLS_MAX) {
      throw new Problem('store_unavailable', `The store has ${CALLS_MAX} calls waiting already.`);
    }
    const context = { ended: false };
    const running = inside.run(context, transact).finally(() => {
      context.ended = true;
      calls.delete(running);
    });
    calls.add(running);
    return running;
  }

  function view<T>(db: Db, work: (view: StoreView) => Promise<T>): Promise<T> {
    return db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute((trx) => work(viewOf(trx, engine, sealer)));
  }

  return {
    read: (work) => call(() => view(reader, work)),
    async scan(work) {
      if (scans.running >= SCANS_MAX) {
        const message = `The store is busy with ${SCANS_MAX} long reads already; ask again later.`;
        throw new Problem('store_unavailable', message);
      }
      scans.running += 1;
      try {
        return await call(() => view(scanner, work));
      } finally {
        scans.running -= 1;
      }
    },
    change: (work) =>
      ownDues.telling((noting) => call(() => changed({ writer, sealer, engine: noting }, work))),
    follow(hear) {
      ownDues.follow(hear);
      parts.follow(hear);
    },
    close: () => (closed ??= Promise.allSettled(calls).then(close)),
  };
}

async function changed<T>(
  { writer, engine, sealer }: Pick<SqlStoreParts, 'writer' | 'engine' | 'sealer'>,
  work: (tx: StoreChange) => Promise<T>,
): Promise<T> {
  try {
    return await writer.transaction().execute((trx) => work(changeOf(trx, engine, sealer)));
  } catch (error) {
    if (!(error instanceof TakenError)) throw error;
    throw new Problem('conflict', `It exists already (${error.index}).`, { cause: error });
  }
}

function viewOf(db: Db, engine: Engine, sealer: Sealer): StoreView {
  return {
    apps: appsView(db, sealer),
    credentials: credentialsView(db, sealer),
    channels: channelsView(db, engine),
    apiKeys: apiKeysView(db),
    settings: settingsView(db),
    history: historyView(db),
    schedule: scheduleView(db),
    profiles: profilesView(db, engine),
    tokenFacts: tokenFactsView(db, engine),
    seenNumbers: seenNumbersView(db),
    budgets: budgetsView(db, engine),
    tallies: talliesView(db),
    fleet: fleetView(db),
    signals: signalsView(db, engine),
    outbox: outboxView(db),
    receivers: receiversView(db, sealer),
    rules: rulesView(db),
    silences: silencesView(db),
    incidents: incidentsView(db, engine),
  };
}

function changeOf(db: Db, engine: Engine, sealer: Sealer): StoreChange {
  return {
    apps: appsChange(db, engine, sealer),
    credentials: credentialsChange(db, engine, sealer),
    channels: channelsChange(db, engine),
    apiKeys: apiKeysChange(db, engine),
    settings: settingsChange(db, engine),
    history: historyChange(db, engine),
    schedule: scheduleChange(db, engine),
    budgets: budgetsChange(db, engine),
    profiles: profilesChange(db, engine),
    tokenFacts: tokenFactsChange(db, engine),
    seenNumbers: seenNumbersChange(db, engine),
    tallies: talliesChange(db),
    fleet: fleetView(db),
    signals: signalsChange(db, engine),
    outbox: outboxChange(db, engine),
    receivers: receiversChange(db, engine, sealer),
    rules: rulesChange(db, engine),
    silences: silencesChange(db, engine),
    incidents: incidentsChange(db, engine),
  };
}

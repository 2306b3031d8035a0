import { openPostgres } from '#test/fakes/open-postgres-store.ts';
import { withPostgres } from '#test/fakes/with-postgres.ts';
import { faultMatrix } from './fault-matrix.ts';
import { openOutboxWorld } from './outbox-world.ts';

withPostgres((server) => {
  // What the engine decides is who may go on with what: not how many ways there are to refuse a message.
  faultMatrix(
    async () => openOutboxWorld({ store: await openPostgres(await server().createDatabase()) }),
    ['works', 'throttles', 'takes_and_drops'],
  );
});

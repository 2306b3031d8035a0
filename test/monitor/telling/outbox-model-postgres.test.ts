import { openPostgres } from '#test/fakes/open-postgres-store.ts';
import { withPostgres } from '#test/fakes/with-postgres.ts';
import { outboxModel } from './outbox-model.ts';
import { openOutboxWorld } from './outbox-world.ts';

withPostgres((server) => {
  outboxModel(
    async () => openOutboxWorld({ store: await openPostgres(await server().createDatabase()) }),
    8,
  );
});

import { openOutboxWorld } from './outbox-world.ts';
import { outboxModel } from './outbox-model.ts';

outboxModel(openOutboxWorld, 40);

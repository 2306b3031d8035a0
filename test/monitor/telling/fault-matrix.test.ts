import { faultMatrix } from './fault-matrix.ts';
import { openOutboxWorld } from './outbox-world.ts';

faultMatrix(openOutboxWorld);

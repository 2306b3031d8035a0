import { faultMatrix } from './fault-matrix.ts';
import { openTellingWorld } from './telling-world.ts';

faultMatrix(openTellingWorld);

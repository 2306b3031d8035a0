import { upstreamContract } from '#test/contracts/upstream.ts';
import { createDialog360 } from '#upstreams/dialog360/dialog360.ts';

const subject = { nodeId: null, open: createDialog360 };
upstreamContract('dialog360', subject);

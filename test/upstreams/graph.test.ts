import { upstreamContract } from '#test/contracts/upstream.ts';
import { createGraph } from '#upstreams/graph/graph.ts';

const subject = { nodeId: '106540352242922', open: createGraph };
upstreamContract('graph', subject);

/** `check`: asks now and prints what was seen; its exit code is that of a monitoring plugin. */
import type { Client } from '#client/create-client.ts';
import type { Call, ClientCommand, Printed } from '#cli/client-command.ts';
import type { Flags } from '#cli/connect.ts';
import { PLUGIN_EXIT_CODES, EXIT_OK } from '#cli/exit-code.ts';
import { durationFlag, hasFlag, textFlag } from '#cli/flags.ts';
import { healthText } from '#cli/text/health-text.ts';
import type { ChannelHealth, NodeHealth } from '#cli/text/health-text.ts';
import { ageText } from '#domain/moment-text.ts';
import { UsageError } from '#cli/usage-error.ts';
import { ClientProblem } from '#client/client-problem.ts';

type Health = ChannelHealth | NodeHealth;

const WAITS = ['available', 'can-send'] as const;
type Wait = (typeof WAITS)[number];

const TIMEOUT_MS = 1_800_000;
const EVERY_MS = 15_000;

export const check: ClientCommand = {
  signature: 'check <target>',
  summary: 'Ask now: a channel by name or id, or any node of Meta with --credential.',
  configure(command) {
    command
      .option(
        '--credential <ref>',
        'Ask for the node <target> with this credential, store nothing.',
      )
      .option('--can-send', 'Exit 0 for LIMITED too: both can send.')
      .option('--wait <what>', `Ask again until it is so: ${WAITS.join(' or ')}.`)
      .option('--timeout <duration>', 'How long --wait goes on. Default: 30m.')
      .option('--every <duration>', 'How often --wait asks. Default: 15s.');
  },
  prepare([target = ''], flags) {
    waitFlag(flags);
    if (textFlag(flags, 'credential') === undefined) return;
    if (!/^\d{1,32}$/.test(target)) {
      throw new UsageError('With --credential, <target> is the id of a node at Meta: digits only.');
    }
  },
  async run(call) {
    const wait = waitFlag(call.flags);
    const health = wait === null ? await ask(call) : await waitFor(wait, call);
    return printed(health, call);
  },
};

function waitFlag(flags: Flags) {
  const timeoutMs = durationFlag(flags, 'timeout', 1000);
  const everyMs = durationFlag(flags, 'every', 1000);
  const text = textFlag(flags, 'wait');
  if (text === undefined) {
    if (timeoutMs === undefined && everyMs === undefined) return null;
    throw new UsageError('--timeout and --every need --wait, such as --wait available.');
  }
  const until = WAITS.find((word) => word === text);
  if (until === undefined) throw new UsageError(`--wait must be ${WAITS.join(' or ')}.`);
  return { until, timeoutMs: timeoutMs ?? TIMEOUT_MS, everyMs: everyMs ?? EVERY_MS };
}

async function ask({ client, args: [target = ''], flags }: Call): Promise<Health> {
  const credential = textFlag(flags, 'credential');
  if (credential !== undefined) {
    return (await client.checkNode({ body: { credential, node_id: target } })).body;
  }
  try {
    return (await client.checkChannel({ params: { ref: target }, body: {} })).body;
  } catch (error) {
    throw isNode(error, target) ? await nodeAdvice(client, target) : error;
  }
}

/** Digits that name no channel are probably the id of a node. */
function isNode(error: unknown, target: string): boolean {
  return error instanceof ClientProblem && error.code === 'not_found' && /^\d{6,32}$/.test(target);
}

async function nodeAdvice(client: Client, target: string): Promise<UsageError> {
  const { body } = await client.listCredentials({ query: { limit: 1 } });
  const name = body.items[0]?.name ?? '<name>';
  return new UsageError(
    `No channel is called ${target}. If it is a node of Meta, say which credential can see it: ` +
      `waba-health check ${target} --credential ${name}`,
  );
}

interface Waiting {
  readonly until: Wait;
  readonly timeoutMs: number;
  readonly everyMs: number;
}

/** Asks again until the wish is true or the time is over; gives the last answer either way. */
async function waitFor({ until, timeoutMs, everyMs }: Waiting, call: Call): Promise<Health> {
  const { terminal } = call;
  const begun = terminal.now();
  let told = '';
  for (;;) {
    const health = await ask(call);
    const { status } = health.messaging;
    if (until === 'available' ? status === 'AVAILABLE' : canSend(health)) return health;
    const left = begun + timeoutMs - terminal.now();
    if (left <= 0) return health;
    if (status !== told) terminal.err(`${status}, waiting for ${ageText(left)} at most…`);
    told = status;
    await terminal.pause(Math.min(everyMs, left));
  }
}

function canSend({ messaging: { status } }: Health): boolean {
  return status === 'AVAILABLE' || status === 'LIMITED';
}

function printed(health: Health, { terminal, flags }: Call): Printed {
  const options = { style: terminal.style, width: terminal.width, now: terminal.now() };
  const isEnough = hasFlag(flags, 'canSend') || waitFlag(flags)?.until === 'can-send';
  const allowed = isEnough && canSend(health);
  return {
    json: health,
    text: healthText(health, options),
    exitCode: allowed ? EXIT_OK : PLUGIN_EXIT_CODES[health.messaging.status],
  };
}

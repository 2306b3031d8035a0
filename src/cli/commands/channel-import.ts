/** `channels import`: channels and their credentials from a file, or the whole fleet by one (`--sync`). */
import type { Call, ClientCommand, Printed } from '#cli/client-command.ts';
import { hasFlag } from '#cli/flags.ts';
import { applyPlan } from '#cli/import/apply.ts';
import { readFleet } from '#cli/import/fleet.ts';
import type { Fleet } from '#cli/import/fleet.ts';
import { planOf } from '#cli/import/plan.ts';
import type { Plan } from '#cli/import/plan.ts';
import { readImport } from '#cli/import/read-file.ts';
import { doneByPlan, reportOf } from '#cli/import/report.ts';
import { retiredMax } from '#cli/import/retire-limit.ts';
import { UsageError } from '#cli/usage-error.ts';

export const channelImport: ClientCommand = {
  signature: 'import <file>',
  summary: 'Add channels from a CSV or JSON file ("-": standard input); running it again goes on.',
  configure(command) {
    command
      .option('--dry-run', 'Say what would be done, and do nothing.')
      .option('--sync', 'Make the fleet equal to the file: others are retired, moved ones moved.')
      .option('--yes', 'With --sync: retire more than 5 % of the fleet too.')
      .option('--no-check', 'Store new channels without a first look.');
  },
  prepare(_args, flags) {
    if (hasFlag(flags, 'yes') && !hasFlag(flags, 'sync')) {
      throw new UsageError('--yes is only for --sync: without that nothing is retired.');
    }
  },
  async run(call) {
    const { args, flags, terminal, client } = call;
    const file = await readImport(args[0] ?? '', terminal);
    const fleet = await readFleet(client);
    const wish = { sync: hasFlag(flags, 'sync'), check: flags['check'] !== false };
    const plan = planOf(file, fleet, wish);
    if (hasFlag(flags, 'dryRun')) {
      return reportOf(doneByPlan(plan), plan.unchanged, { dryRun: true });
    }
    requireFewRetired(plan, fleet, call);
    return applied(plan, call);
  },
};

async function applied(
  plan: Plan,
  { args: [file = ''], client, terminal }: Call,
): Promise<Printed> {
  const name = file === '-' ? 'the imported file' : (file.split(/[/\\]/).at(-1) ?? file);
  const reason = `No longer in ${name.replaceAll(/\p{Cc}/gu, '').slice(0, 200)}.`;
  const done = await applyPlan(plan, { client, terminal, reason });
  return reportOf(done, plan.unchanged, { dryRun: false });
}

/** Before anything is done: a file that was cut off half-way ends nothing. */
function requireFewRetired({ retire, refused }: Plan, { channels }: Fleet, { flags }: Call): void {
  const nameless = refused.filter(({ what, name }) => what === 'channel' && name === null);
  if (retire.length > 0 && nameless.length > 0) {
    throw new UsageError(
      `Nothing was done: ${nameless[0]?.at} has no name that can be read, so that it cannot be known ` +
        'which channels the file leaves out. Mend that row first.',
    );
  }
  const max = retiredMax(channels.size);
  if (retire.length <= max || hasFlag(flags, 'yes')) return;
  throw new UsageError(
    `Nothing was done: the file leaves out ${retire.length} of ${channels.size} channels, and more than ` +
      `${max} are not retired without a word. Look at them with --dry-run, then say --yes.`,
  );
}

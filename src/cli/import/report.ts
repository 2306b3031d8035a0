/** What an import did, or would do, for a person and for a program. */
import { EXIT_OK, EXIT_REFUSED } from '#cli/exit-code.ts';
import type { Printed } from '#cli/client-command.ts';
import { inert } from '#cli/text/inert.ts';
import type { Done } from './apply.ts';
import type { ChannelStep, Plan } from './plan.ts';
import type { Refused } from './wish.ts';

/** How many refusals a person is shown; the JSON has all of them. */
const SHOWN_MAX = 50;

/** The exit code says whether everything in the file is as it should be. */
export function reportOf(done: Done, unchanged: number, { dryRun }: { dryRun: boolean }): Printed {
  const { refused } = done;
  const counts = {
    credentials: done.credentials.length,
    added: done.added.length,
    changed: done.changed.length,
    moved: done.moved.length,
    retired: done.retired.length,
    unchanged,
    refused: refused.length,
  };
  const { credentials, added, changed, moved, retired } = done;
  const lists = { credentials, added, changed, moved, retired, refused };
  return {
    json: { dry_run: dryRun, counts, ...lists },
    text: [headText(counts, dryRun), ...namesText(done, dryRun), refusedText(refused)]
      .filter((part) => part !== '')
      .join('\n'),
    exitCode: refused.length > 0 ? EXIT_REFUSED : EXIT_OK,
  };
}

/** What a plan would do if nothing is refused by the server. */
export function doneByPlan(plan: Plan): Done {
  const named = (what: ChannelStep['do']) =>
    plan.channels.filter((step) => step.do === what).map(({ name }) => name);
  return {
    credentials: plan.credentials.map(({ name }) => name),
    added: named('add'),
    changed: named('change'),
    moved: named('move'),
    retired: plan.retire,
    refused: plan.refused,
  };
}

function headText(counts: Readonly<Record<string, number>>, dryRun: boolean): string {
  const parts = Object.entries(counts)
    .filter(([what, count]) => count > 0 || what === 'added')
    .map(([what, count]) => `${count} ${what}`);
  return `${dryRun ? 'This would be done (nothing was): ' : ''}${parts.join(', ')}.`;
}

/** A plan is read before it is carried out, so that its names matter. */
function namesText(done: Done, dryRun: boolean): readonly string[] {
  if (!dryRun) return [];
  const lists = {
    added: done.added,
    changed: done.changed,
    moved: done.moved,
    retired: done.retired,
  };
  return Object.entries(lists).flatMap(([what, names]) =>
    names.length === 0 ? [] : [`  ${what}: ${shortened(names)}`],
  );
}

function shortened(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN_MAX).map(inert).join(', ');
  return names.length > SHOWN_MAX ? `${shown} and ${names.length - SHOWN_MAX} more` : shown;
}

function refusedText(refused: readonly Refused[]): string {
  const lines = refused
    .slice(0, SHOWN_MAX)
    .map(({ at, name, why }) => `  ${at}${name === null ? '' : `, ${inert(name)}`}: ${inert(why)}`);
  const rest = refused.length - SHOWN_MAX;
  if (rest > 0) lines.push(`  … and ${rest} more; --json lists all of them.`);
  return lines.length === 0 ? '' : ['Refused:', ...lines].join('\n');
}

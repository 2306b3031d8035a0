/** Files that import each other in a circle cannot be understood one after the other. */
import { importsOf, targetOf } from './imports.ts';
import { offenceAt } from './syntax.ts';
import type { Offence, SourceFile } from './syntax.ts';

/** Each circle once, type imports included, as the offence of the file that closes it. */
export function cycleOffences(files: readonly SourceFile[]): Offence[] {
  const edges = new Map(files.map((file) => [file.path, targetsOf(file)]));
  const done = new Set<string>();
  const trail: string[] = [];
  const offences: Offence[] = [];

  const visit = (file: SourceFile): void => {
    trail.push(file.path);
    for (const target of edges.get(file.path) ?? []) {
      const next = files.find((candidate) => candidate.path === target);
      if (next === undefined || done.has(target)) continue;
      if (!trail.includes(target)) visit(next);
      else offences.push(offenceAt(file, 0, circle(trail.slice(trail.indexOf(target)))));
    }
    trail.pop();
    done.add(file.path);
  };
  for (const file of files) if (!done.has(file.path)) visit(file);
  return offences;
}

function targetsOf(file: SourceFile): string[] {
  return importsOf(file)
    .map(({ specifier }) => (specifier === null ? null : targetOf(file.path, specifier)))
    .filter((target) => target !== null);
}

function circle(members: readonly string[]): string {
  return `files import each other in a circle: ${[...members, members[0]].join(' → ')}`;
}

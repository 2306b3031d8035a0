/** Facts about one thing, a label and a value a line. */
import { inert } from './inert.ts';
import { tableText } from './layout.ts';

/** The facts whose value is neither null nor empty. */
export function factsText(facts: Readonly<Record<string, string | null>>): string {
  const rows = Object.entries(facts).flatMap(([label, value]) =>
    value === null || value === '' ? [] : [[`  ${label}`, inert(value)]],
  );
  return tableText({ head: [], rows });
}

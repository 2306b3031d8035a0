/** The files that the guards look at. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceFile } from './syntax.ts';

export const ROOT = join(import.meta.dirname, '..', '..');

const NEVER = new Set(['node_modules', '.git', '.cache', 'coverage', 'dist']);

/** All files below `folders` ('.' is the whole project) whose path matches, in the order of paths. */
export function filesBelow(folders: readonly string[], wanted: RegExp): SourceFile[] {
  return folders
    .flatMap((folder) => pathsBelow(folder))
    .filter((path) => wanted.test(path))
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

function pathsBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '.' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return NEVER.has(entry.name) ? [] : pathsBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

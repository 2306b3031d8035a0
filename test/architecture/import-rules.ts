/** The walls between the folders of `src`: each rule takes files and gives offences, so that it can be tested. */
import { importsOf, targetOf } from './imports.ts';
import type { Import } from './imports.ts';
import { EXCEPTIONS, LAYERS } from './layers.ts';
import type { Layer } from './layers.ts';
import { offenceAt } from './syntax.ts';
import type { Offence, SourceFile } from './syntax.ts';

const TO_CHANGE = 'see test/architecture/layers.ts; a new arrow needs a decision';

/** Folder direction, packages, and how an import is written. */
export function importOffences(files: readonly SourceFile[]): Offence[] {
  const paths = new Set(files.map((file) => file.path));
  return files.flatMap((file) => {
    const folder = folderOf(file.path);
    if (folder === null) return [offenceAt(file, 0, unknownFolder(file.path))];
    return importsOf(file).flatMap((found) => {
      const message = objectionTo(found, file, paths);
      return message === null ? [] : [offenceAt(file, found.offset, message)];
    });
  });
}

/** Outside `src` every folder may import every other, but never by climbing. */
export function climbingOffences(files: readonly SourceFile[]): Offence[] {
  return files.flatMap((file) =>
    importsOf(file).flatMap(({ specifier, offset }) => {
      if (specifier === null || !specifier.includes('../')) return [];
      return [offenceAt(file, offset, `'${specifier}': write '#folder/file.ts' instead of '../'`)];
    }),
  );
}

/** The folder of LAYERS that a file of `src` belongs to (`stores/sqlite`); null when there is none. */
function folderOf(path: string): string | null {
  const [root, first, second, ...rest] = path.split('/');
  if (root !== 'src' || first === undefined || second === undefined) return null;
  if (first in LAYERS) return first;
  return `${first}/*` in LAYERS && rest.length > 0 ? `${first}/${second}` : null;
}

function layerOf(folder: string): Layer {
  const layer = LAYERS[folder] ?? LAYERS[`${folder.split('/')[0]}/*`];
  if (layer === undefined) throw new Error(`no layer for ${folder}`);
  return layer;
}

function unknownFolder(path: string): string {
  return `${path} lies in no folder of the table: add the folder to it, with what it may import; ${TO_CHANGE}`;
}

function objectionTo(found: Import, file: SourceFile, paths: ReadonlySet<string>): string | null {
  const { specifier } = found;
  if (specifier === null)
    return 'an import whose target is computed cannot be checked: write it out';
  const target = targetOf(file.path, specifier);
  if (target === null) return packageObjection(specifier, file.path);
  return (
    styleObjection(specifier, file.path, target) ??
    directionObjection(file.path, target) ??
    (paths.has(target) ? null : `'${specifier}' leads to ${target}, which does not exist`)
  );
}

function packageObjection(specifier: string, path: string): string | null {
  const folder = folderOf(path) ?? '';
  const allowed = layerOf(folder).packages;
  const name = specifier.startsWith('node:') ? 'node:' : packageName(specifier);
  if (allowed.includes(name)) return null;
  return `${folder} may not use the package '${specifier}' (allowed: ${allowed.join(', ') || 'none'}); ${TO_CHANGE}`;
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function styleObjection(specifier: string, path: string, target: string): string | null {
  if (specifier.includes('../')) return `'${specifier}': write '#folder/file.ts' instead of '../'`;
  if (!/\.(ts|json)$/.test(specifier)) return `'${specifier}': name the file with its extension`;
  const below = path.slice(0, path.lastIndexOf('/') + 1);
  if (specifier.startsWith('#') && target.startsWith(below)) {
    return `'${specifier}' lies in the same folder: write './${target.slice(below.length)}'`;
  }
  return null;
}

function directionObjection(path: string, target: string): string | null {
  const from = folderOf(path) ?? '';
  const to = folderOf(target);
  if (to === null)
    return `src may not import ${target}: tests and tools import src, not the reverse`;
  if (to === from || mayImport(layerOf(from).may, to)) return null;
  const excepted = EXCEPTIONS.some(({ file, may }) => file.test(path) && mayImport(may, to));
  return excepted ? null : `${from} may not import ${to}; ${TO_CHANGE}`;
}

function mayImport(allowed: readonly string[], folder: string): boolean {
  return allowed.includes(folder) || allowed.includes(`${folder.split('/')[0]}/*`);
}

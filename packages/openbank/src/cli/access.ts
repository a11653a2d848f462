import { isLoopback } from '../loopback.ts';
import type { Access } from '../run-file.ts';

/** Who can reach the bank, where that is more than this machine or where callers need a token; for people. */
export function describeAccess({ host, needsToken }: Access): string | undefined {
  const token = needsToken ? 'callers send the token' : undefined;
  const open = isLoopback(host) ? undefined : `listens on ${host}${WILDCARDS.get(host) ?? ''}`;
  const words = [open, token].filter((word) => word !== undefined);
  return words.length === 0 ? undefined : words.join('; ');
}

const ALL = ', which is every address of this machine';
const WILDCARDS: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', ALL],
  ['::', ALL],
]);

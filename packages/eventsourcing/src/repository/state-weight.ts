import type { LoadedState } from './loaded-state.ts';

// An estimate, a little high: what V8 takes for objects whose members have slots of their own (64-bit, measured by
// heap differences), without what it saves by sharing. Bytes.
const SLOT = 8;
const STRING = 24;
const BIGINT = 32;
const OBJECT = 56;
/** Revision, link, time, the stream's name and its place in the cache. */
const BESIDE_STATE = 400;

/**
 * About how many bytes a state takes in memory. The walk ends where more than `most` is found: what is heavier is not
 * kept anyway, and neither is what leads back to itself.
 */
export function stateWeight({ state }: LoadedState, most: number): number {
  const open: object[] = [];
  let bytes = BESIDE_STATE;

  function add(value: unknown): void {
    bytes += SLOT;
    if (typeof value === 'string') bytes += STRING + stringBytes(value);
    else if (typeof value === 'bigint') bytes += BIGINT;
    else if (typeof value === 'object' && value !== null) open.push(value);
  }

  add(state);
  for (let next = open.pop(); next !== undefined && bytes <= most; next = open.pop()) {
    bytes += OBJECT;
    if (ArrayBuffer.isView(next)) bytes += next.byteLength;
    else for (const member of membersOf(next)) add(member);
  }
  return bytes;
}

/** One byte a character where all are Latin, else two: not looked at, so two. */
function stringBytes(text: string): number {
  return text.length * 2;
}

function membersOf(value: object): Iterable<unknown> {
  if (value instanceof Map) return [...value.keys(), ...value.values()];
  return value instanceof Set || Array.isArray(value) ? value : Object.values(value);
}

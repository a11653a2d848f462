/** What a client remembers between its calls: how far the log was when it last heard of it. */
export interface Session {
  /** `OpenBank-Position` of the latest write; before the first, where it began. */
  readonly position: string | undefined;
  /** Names a write by a key, and makes a read show what was written before. */
  prepare(request: Request): void;
  /** Learns from an answer where the log is. */
  learn(response: Response): void;
}

const KEY = 'Idempotency-Key';
const POSITION = 'OpenBank-Position';
const MIN_POSITION = 'OpenBank-Min-Position';

/** Reads that say themselves up to where: a second word about it is refused. */
const SAYS_WHERE = ['min_position', 'as_of', 'as_of_position'];

export interface SessionOptions {
  readonly readYourWrites: boolean;
  /** Where to begin. */
  readonly position: string | undefined;
}

export function createSession({ readYourWrites, position: first }: SessionOptions): Session {
  let position = first;
  return {
    get position() {
      return position;
    },
    prepare({ method, headers, url }) {
      if (method !== 'GET') {
        if (!headers.has(KEY)) headers.set(KEY, crypto.randomUUID());
        return;
      }
      if (!readYourWrites || position === undefined || headers.has(MIN_POSITION)) return;
      const { searchParams } = new URL(url);
      if (!SAYS_WHERE.some((name) => searchParams.has(name))) headers.set(MIN_POSITION, position);
    },
    learn({ headers }) {
      const said = headers.get(POSITION);
      // The answer to an earlier write may come after that to a later one. Plain comparison is the order of commits.
      if (said !== null && (position === undefined || said > position)) position = said;
    },
  };
}

/** Work of which only so much is done at once; the rest waits for its turn, in order. */
export interface Turns {
  /** @throws what the work throws; what `refused` gives where too many wait */
  take<Result>(work: () => Promise<Result>): Promise<Result>;
}

interface Bounds {
  /** Done at once. */
  readonly most: number;
  /** Waiting; one more is refused. */
  readonly mostWaiting: number;
  /** Milliseconds that one may wait; then it is refused. */
  readonly patience: number;
  refused(): Error;
}

export function createTurns({ most, mostWaiting, patience, refused }: Bounds): Turns {
  const waiting: (() => void)[] = [];
  let running = 0;

  /** Hands the turn to the next in line, if there is one. */
  function leave(): void {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }

  function wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(begin), 1);
        reject(refused());
      }, patience);
      waiting.push(begin);
    });
  }

  return {
    async take(work) {
      if (running < most) running++;
      else if (waiting.length >= mostWaiting) throw refused();
      else await wait();
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}

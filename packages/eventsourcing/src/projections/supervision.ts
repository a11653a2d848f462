/** The life of one that works until something goes wrong, or nobody needs it any more. None of it throws. */
export interface Supervision {
  /** Aborted when it ends, whyever. */
  readonly signal: AbortSignal;
  /** Resolves when it ends, whyever. */
  readonly ended: Promise<void>;
  stopped(): boolean;
  /** Does something beside: where that fails, it stops. */
  supervised(work: () => Promise<void>): Promise<void>;
  /** Does one thing after the other. Whoever waits goes on when it ends, also where what it is doing does not. */
  work(work: () => Promise<void>): Promise<void>;
  stop(error: unknown): void;
  /** Stops it without a word; resolves when what it is doing is finished. */
  retire(): Promise<void>;
}

/**
 * @param run - aborted when all that runs ends: without a word
 * @param isOver - whether an error only says that nobody needs it any more
 * @param onStopped - told why it has stopped
 */
export function createSupervision(
  run: AbortSignal,
  isOver: ((error: unknown) => boolean) | undefined,
  onStopped: (error: unknown) => void,
): Supervision {
  const life = new AbortController();
  const signal = AbortSignal.any([run, life.signal]);
  let working: Promise<void> = Promise.resolve();
  let leave: (() => void) | undefined;
  const ended = aborted(signal);
  void ended.then(() => leave?.());

  function stop(error: unknown): void {
    if (signal.aborted) return;
    life.abort();
    if (isOver?.(error) !== true) onStopped(error);
  }

  async function supervised(work: () => Promise<void>): Promise<void> {
    if (signal.aborted) return;
    try {
      await work();
    } catch (error) {
      stop(error);
    }
  }

  return {
    signal,
    ended,
    stopped: () => signal.aborted,
    supervised,
    async work(work) {
      // What it was doing when it ended may not be finished.
      if (signal.aborted) return;
      working = supervised(work);
      await new Promise<void>((resolve) => {
        leave = resolve;
        void working.then(resolve);
      });
    },
    stop,
    async retire() {
      life.abort();
      await working;
    },
  };
}

export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

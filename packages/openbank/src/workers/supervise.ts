import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { ModelVersion, Progress } from '@openbank/eventsourcing';
import type { Logger } from 'pino';
import type { ProjectionMessage, ProjectionsWorkerData } from './projection-messages.ts';
import { createRestartDelay } from './restart-delay.ts';

/** The projections' thread and whoever starts it again. */
export interface Projections {
  /** Lets what is being applied finish, and ends. */
  close(): Promise<void>;
}

export interface SuperviseOptions {
  readonly stores: ProjectionsWorkerData;
  /** Other processes project too, and take over what this one cannot do. Default: false. */
  readonly isShared?: boolean;
  /** The projections, to say of them that they stand still while the thread is down. */
  readonly projections: readonly ModelVersion[];
  readonly progress: Progress;
  readonly log: Logger;
  /** Milliseconds before a thread that has died is started again, at first and at most. Default 500 and 30,000. */
  readonly restartDelays?: readonly [first: number, longest: number];
}

const WORKER = new URL('./projections.ts', import.meta.url);

/**
 * Runs the projections in a thread of their own, and starts another one whenever it dies; not when it ends because all
 * projections have stopped: they would stop again.
 */
export function superviseProjections(options: SuperviseOptions): Projections {
  const { stores, projections, progress, log } = options;
  const delayAfter = createRestartDelay(...(options.restartDelays ?? [500, 30_000]));
  const ending = new AbortController();

  function hear(message: ProjectionMessage): void {
    switch (message.kind) {
      case 'started':
      case 'moved':
      case 'waiting':
        progress.tell(message);
        break;
      case 'live':
        if (isFilling(progress, message))
          log.info(message, 'a read model is filled, and queries are answered from it');
        progress.tell(message);
        break;
      case 'dropped':
        log.info(message, 'a version of a read model is deleted: another one has taken its place');
        progress.tell(message);
        break;
      case 'stopped':
        log.error(message, 'a projection has stopped');
        progress.tell(message);
        break;
      case 'retry':
        log.warn(message, 'a projection waits for its store');
        break;
      case 'share':
        log.info(message, 'a share of the projections changes hands');
        break;
      case 'ended':
        log.error(
          'all projections have stopped: what can be read stays as it is until the program is started again',
        );
        break;
      default:
        message satisfies never;
    }
  }

  function standStill(message: string): void {
    if (options.isShared) return;
    const reason = { code: 'thread-died', event: undefined, message };
    for (const { name, version } of [...projections, ...progress.all()]) {
      progress.tell({ kind: 'stopped', name, version, reason });
    }
  }

  /** Resolves to why the thread has died; undefined where it was told to end, or all projections have stopped. */
  function runOnce(): Promise<string | undefined> {
    const worker = new Worker(WORKER, { workerData: stores, name: 'projections' });
    let reason = 'it ended without a word';
    let ended = false;
    worker.on('message', (message: ProjectionMessage) => {
      hear(message);
      ended ||= message.kind === 'ended';
    });
    worker.on('error', (error) => {
      reason = error instanceof Error ? error.message : String(error);
    });
    const end = (): void => worker.postMessage('end');
    ending.signal.addEventListener('abort', end);
    return new Promise((resolve) => {
      worker.once('exit', () => {
        ending.signal.removeEventListener('abort', end);
        resolve(ended || ending.signal.aborted ? undefined : reason);
      });
    });
  }

  async function run(): Promise<void> {
    while (!ending.signal.aborted) {
      const started = performance.now();
      const reason = await runOnce();
      if (reason === undefined) return;
      const delay = delayAfter(performance.now() - started);
      log.error({ reason, delay }, 'the thread of the projections has died: it is started again');
      standStill(reason);
      await sleep(delay, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    async close() {
      ending.abort();
      await running;
    },
  };
}

function isFilling(progress: Progress, { name, version }: ModelVersion): boolean {
  return progress
    .all()
    .some((state) => state.name === name && state.version === version && state.target !== undefined);
}

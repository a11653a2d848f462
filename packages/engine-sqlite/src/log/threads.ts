import { Worker } from 'node:worker_threads';
import type { Failure } from './messages.ts';

/** A thread of the engine, that says what it has to say once and again. */
export interface Thread<In, Out> {
  send(message: In): void;
  /** From now on messages go here. */
  listen(listener: (message: Out) => void): void;
  /** Resolves when it has ended, to what is to be said of it if nobody had asked for that. */
  readonly ended: Promise<Failure>;
}

/**
 * Megabytes for young objects. What a group leaves behind is garbage by the next one: with room for many groups, hardly
 * any of it is ever copied.
 */
const YOUNG = 64;

/** Starts a module as a thread. `died` is told of an end that nobody asked for. */
export function startThread<In, Out>(
  module: URL,
  workerData: unknown,
  name: string,
  died: (failure: Failure) => void,
): Thread<In, Out> {
  const worker = new Worker(module, {
    workerData,
    name,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG },
  });
  let reason = 'it ended without a word';
  let listener: ((message: Out) => void) | undefined;
  worker.on('message', (message: Out) => listener?.(message));
  worker.on('error', (error) => {
    reason = error instanceof Error ? error.message : String(error);
  });
  const ended = new Promise<Failure>((resolve) => {
    worker.on('exit', () => {
      const message = `The thread ${name} has ended (${reason}): start again.`;
      const failure: Failure = { code: 'store-unavailable', message };
      died(failure);
      resolve(failure);
    });
  });
  return {
    send: (message) => worker.postMessage(message),
    listen(next) {
      listener = next;
    },
    ended,
  };
}

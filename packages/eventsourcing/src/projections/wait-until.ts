import { EventSourcingError } from '../errors.ts';
import type { Position } from '../event.ts';
import { ProjectionStopped } from './errors.ts';
import type { Progress } from './progress.ts';

/**
 * Waits until the live versions of all of the models show the log up to the position: for a query that must see what
 * was written. It costs a comparison where they do already.
 *
 * @param timeout milliseconds
 * @throws EventSourcingError `read-model-behind` - not within the time
 * @throws ProjectionStopped - one that has not come so far has stopped: waiting would not help
 */
export async function waitUntil(
  progress: Progress,
  models: readonly { readonly name: string }[],
  position: Position,
  timeout: number,
): Promise<void> {
  const behind = models.filter(({ name }) => !isThere(progress, name, position));
  if (behind.length === 0) return;
  const deadline = performance.now() + timeout;
  for (const { name } of behind) await waitForOne(progress, name, position, deadline - performance.now());
}

function isThere(progress: Progress, name: string, position: Position): boolean {
  const live = progress.live(name);
  if (live?.position !== undefined && live.position >= position) return true;
  const stopped = live === undefined ? stoppedBeforeLive(progress, name) : live.stopped;
  if (stopped !== undefined) throw new ProjectionStopped(name, stopped.message);
  return false;
}

/** Why no version will be live: none is left that runs. */
function stoppedBeforeLive(progress: Progress, name: string) {
  const versions = progress.all().filter((version) => version.name === name);
  return versions.some(({ stopped }) => stopped === undefined) ? undefined : versions[0]?.stopped;
}

function waitForOne(progress: Progress, name: string, position: Position, timeout: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void): void => {
      clearTimeout(timer);
      unwatch();
      settle();
    };
    const look = (): void => {
      try {
        if (isThere(progress, name, position)) done(resolve);
      } catch (error) {
        done(() => reject(error));
      }
    };
    const unwatch = progress.watch(name, look);
    const timer = setTimeout(() => done(() => reject(stillBehind(name))), Math.max(0, timeout));
    look();
  });
}

function stillBehind(name: string): EventSourcingError {
  return new EventSourcingError(
    'read-model-behind',
    `The read model ${name} is not yet at the position you ask for: ask again in a moment.`,
  );
}

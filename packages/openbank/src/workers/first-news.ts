import type { ModelVersion, Progress } from '@openbank/eventsourcing';

/**
 * Waits until it is known of each read model that queries are answered from it, that it is being filled, or that it has
 * stopped, and no longer than so many milliseconds: who asks right after the start should get an answer.
 */
export async function firstNews(
  progress: Progress,
  models: readonly ModelVersion[],
  patience: number,
): Promise<void> {
  const late = AbortSignal.timeout(patience);
  await Promise.all(models.map(({ name }) => firstNewsOf(progress, name, late)));
}

function firstNewsOf(progress: Progress, name: string, late: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!late.aborted && !isKnown(progress, name)) return;
      unwatch();
      late.removeEventListener('abort', look);
      resolve();
    };
    const unwatch = progress.watch(name, look);
    late.addEventListener('abort', look);
    look();
  });
}

function isKnown(progress: Progress, name: string): boolean {
  if (progress.live(name) !== undefined) return true;
  const versions = progress.all().filter((version) => version.name === name);
  return versions.some(({ stopped, target }) => stopped !== undefined || target !== undefined);
}

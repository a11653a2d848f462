/** Calls once with the reason of the first signal that is aborted, at once if one is; the answer releases them all. */
export function onAbort(
  signals: readonly (AbortSignal | undefined)[],
  aborted: (reason: unknown) => void,
): () => void {
  const release = () => {
    for (const signal of signals) signal?.removeEventListener('abort', listen);
  };
  const listen = () => {
    release();
    aborted(signals.find((signal) => signal?.aborted)?.reason);
  };
  for (const signal of signals) signal?.addEventListener('abort', listen);
  if (signals.some((signal) => signal?.aborted)) listen();
  return release;
}

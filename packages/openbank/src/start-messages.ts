/** What a bank that is being started tells who started it. */
export type StartMessage =
  /** What it is doing, for people. */
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'ready'; readonly address: string }
  /** Why it cannot start, and what to do. */
  | { readonly kind: 'failed'; readonly reason: string };

/** Sends it to the process that has started this one, if it waits for it. */
export function tellStarter(message: StartMessage): void {
  if (process.connected === true) process.send?.(message);
}

/** Undefined for what is none. */
export function readStartMessage(message: unknown): StartMessage | undefined {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return undefined;
  const { kind } = message;
  if (kind === 'progress' && 'text' in message) return { kind, text: String(message.text) };
  if (kind === 'ready' && 'address' in message) return { kind, address: String(message.address) };
  if (kind === 'failed' && 'reason' in message) return { kind, reason: String(message.reason) };
  return undefined;
}

/**
 * How long to wait before each new start of what has broken down: twice as long each time, up to the longest wait. What
 * has run for longer than that is taken for sound, and the waits begin anew.
 *
 * @returns told how long it has run, the wait before its next start; all in milliseconds
 */
export function createRestartDelay(first: number, longest: number): (ran: number) => number {
  let next = first;
  return (ran) => {
    const delay = ran > longest ? first : next;
    next = Math.min(delay * 2, longest);
    return delay;
  };
}

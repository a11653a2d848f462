const WIDTH = 20;

/** How much of some work is done: a bar, and the count in words. */
export function progressBar(done: number, total: number, what: string): string {
  const full = total === 0 ? WIDTH : Math.floor((done / total) * WIDTH);
  const bar = `${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}`;
  return `[${bar}] ${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${what}`;
}

/** Runs so many appends, so many of them at once, and answers how many a second that were. */
export async function atOnce(
  { appends, concurrency }: { readonly appends: number; readonly concurrency: number },
  append: (at: number) => Promise<void>,
): Promise<number> {
  let started = 0;
  const client = async (): Promise<void> => {
    while (started < appends) await append(started++);
  };
  const begin = performance.now();
  await Promise.all(Array.from({ length: concurrency }, client));
  return (appends / (performance.now() - begin)) * 1000;
}

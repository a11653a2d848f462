/** Work that goes on beside, and is finished before the end. None of it fails. */
export interface Background {
  add(work: Promise<void>): Promise<void>;
  /** Resolves when there is none left. */
  finished(): Promise<void>;
}

export function createBackground(): Background {
  const works = new Set<Promise<void>>();
  return {
    add(work) {
      works.add(work);
      void work.then(() => works.delete(work));
      return work;
    },
    async finished() {
      while (works.size > 0) await Promise.all(works);
    },
  };
}

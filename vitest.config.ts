import { defineConfig } from 'vitest/config';

const tests = (pattern: string) =>
  ['packages', 'bench', 'scripts'].map((folder) => `${folder}/**/${pattern}`);

const seconds = 1000;

/**
 * Three projects, told apart by the file's name and run one after the other, cheapest first:
 * `unit` stays in the process, `int` starts a real process, server or file system, `e2e` starts the whole
 * program and therefore runs one file at a time.
 */
export default defineConfig({
  test: {
    maxWorkers: 2,
    setupFiles: ['./test-support/keep-type-stripper.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: tests('*.test.ts'),
          exclude: ['**/node_modules/**', '**/*.{int,e2e,browser}.test.ts'],
          testTimeout: 10 * seconds,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'int',
          include: tests('*.int.test.ts'),
          testTimeout: 60 * seconds,
          hookTimeout: 30 * seconds,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: tests('*.e2e.test.ts'),
          testTimeout: 180 * seconds,
          hookTimeout: 60 * seconds,
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});

/**
 * `./openbank test`: every check and every test, also after one has failed, and a count at the end.
 *
 * Environment: OPENBANK_REQUIRE=all makes tests that need an optional tool of the system (strace, sqlite3, a
 * tmpfs mounted by root) fail where they would otherwise be skipped. `.ci/run` sets it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const usage = `Usage: ./openbank test [part] [arguments for Vitest]

Runs the checks and the tests, and ends with a line "N passed, N failed" in which each check counts as one.

Parts:
  (none)   everything: all checks, then all tests
  check    format and lint, generated types, types, directions between the packages, dead code
  unit     tests that stay in the process        (*.test.ts)
  int      tests with real files and processes   (*.int.test.ts)
  e2e      tests of the whole program            (*.e2e.test.ts)

After unit, int or e2e, words are passed on to Vitest: part of a file's name, or options.
  ./openbank test unit money
  ./openbank test int -t "refuses a damaged record"

Environment:
  OPENBANK_REQUIRE=all   fail, not skip, where a test needs a tool that is missing (strace, sqlite3, ...)
`;

/** Passed, failed and skipped: tests, or checks. */
type Count = { readonly passed: number; readonly failed: number; readonly skipped: number };

/** A program of an installed package, or of ours, run with this Node. */
type Tool = {
  readonly heading: string;
  /** Its path from the project's folder. */
  readonly program: string;
  readonly args: readonly string[];
  /** A module of this folder that Node loads first. */
  readonly preload?: string;
};

const root = join(import.meta.dirname, '..');

/** A tool that runs longer hangs: Vitest itself cannot stop a test that blocks its thread. In milliseconds. */
const LONGEST_RUN = 28 * 60 * 1000;
const colour = process.stdout.isTTY === true;

const checks: readonly Tool[] = [
  {
    heading: 'Format and lint',
    program: 'node_modules/@biomejs/biome/bin/biome',
    args: ['ci', '--error-on-warnings', `--colors=${colour ? 'force' : 'off'}`, '.'],
  },
  // Before the types, which are checked with them.
  { heading: 'Types of the client, generated', program: 'scripts/generate.ts', args: [] },
  { heading: 'Types', program: 'node_modules/typescript/bin/tsc', args: ['--pretty', String(colour)] },
  {
    heading: 'Directions between the packages',
    program: 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
    args: ['packages', 'bench', 'scripts', '--output-type', 'err-long'],
    preload: 'typescript-6.js',
  },
  { heading: 'Dead code', program: 'node_modules/knip/bin/knip.js', args: [] },
];

const heading = (text: string) => process.stdout.write(`\n== ${text}\n`);

const timed = <T>(text: string, work: () => T): T => {
  heading(text);
  const start = performance.now();
  const result = work();
  process.stdout.write(`-- ${text}: ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
  return result;
};

/** Runs a tool in the project's folder with its output shown; true when it was content. */
const run = (tool: Tool): boolean => {
  const env = colour ? process.env : { ...process.env, NO_COLOR: '1' };
  const preload =
    tool.preload === undefined
      ? []
      : ['--import', pathToFileURL(join(import.meta.dirname, tool.preload)).href];
  const args = [...preload, join(root, tool.program), ...tool.args];
  const { status, error } = spawnSync(process.execPath, args, {
    cwd: root,
    env,
    stdio: 'inherit',
    timeout: LONGEST_RUN,
    killSignal: 'SIGKILL',
  });
  if (error !== undefined)
    process.stderr.write(`${tool.heading}: it did not run to its end: ${error.message}\n`);
  return status === 0;
};

const runCheck = (tool: Tool): Count =>
  timed(tool.heading, () =>
    run(tool) ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 },
  );

/** The part of Vitest's JSON report that is counted. */
type Report = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
};

/** Counts a report; a file that failed before its first test, or a failure outside any test, counts as one. */
const countReport = (report: Report, content: boolean): Count => {
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  const failed = report.numFailedTests + brokenFiles;
  return {
    passed: report.numPassedTests,
    failed: content ? failed : Math.max(failed, 1),
    skipped: report.numPendingTests,
  };
};

const runTests = (args: readonly string[]): Count =>
  timed('Tests', () => {
    const folder = mkdtempSync(join(tmpdir(), 'openbank-test-'));
    const file = join(folder, 'report.json');
    try {
      const content = run({
        heading: 'Tests',
        program: 'node_modules/vitest/vitest.mjs',
        args: ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...args],
      });
      return countReport(JSON.parse(readFileSync(file, 'utf8')), content);
    } catch (error) {
      process.stderr.write(`Vitest left no report: ${error instanceof Error ? error.message : error}\n`);
      return { passed: 0, failed: 1, skipped: 0 };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

const add = (one: Count, other: Count): Count => ({
  passed: one.passed + other.passed,
  failed: one.failed + other.failed,
  skipped: one.skipped + other.skipped,
});

/** Says the total and returns the exit code; a run of nothing is no success. */
const report = (counts: readonly Count[]): number => {
  const { passed, skipped, ...total } = counts.reduce(add);
  if (skipped > 0) process.stdout.write(`\n${skipped} skipped\n`);
  // Where everything is required, what was skipped was not tested.
  const failed = total.failed + (process.env.OPENBANK_REQUIRE === 'all' ? skipped : 0);
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  return passed > 0 && failed === 0 ? 0 : 1;
};

const main = (args: readonly string[]): number => {
  const [part, ...rest] = args;
  switch (part) {
    case undefined:
      return report([...checks.map(runCheck), runTests([])]);
    case 'check':
      return report(checks.map(runCheck));
    case 'unit':
    case 'int':
    case 'e2e':
      return report([runTests(['--project', part, ...rest])]);
    case '-h':
    case '--help':
      process.stdout.write(usage);
      return 0;
    default:
      process.stderr.write(`openbank test: there is no part "${part}".\n\n${usage}`);
      return 2;
  }
};

process.exitCode = main(process.argv.slice(2));

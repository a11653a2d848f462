/**
 * The directions of the house (docs: the program knows every part; the bank and the engines know the kit; the kit
 * knows nobody). `scripts/directions.int.test.ts` plants a violation of each rule and sees it found.
 */

/** Libraries of pure data or pure functions which the domain may import, by package name. */
const PURE_LIBRARIES = ['iso-3166'];

const test = '[.]test[.]ts$';
const testing = '/src/testing(/|[.]ts$)';
const testCode = [test, testing, '^test-support/', '^scripts/', '^bench/'];
const entry = '^packages/[^/]+/src/(index|testing/index|testing/given-when-then)[.]ts$';
const io = 'fs|net|tls|dgram|dns|http|https|http2|child_process|cluster|worker_threads|sqlite|readline|repl';

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    rule('no-circles', 'Move what both need into a file of its own.', {}, { circular: true }),
    rule(
      'kit-knows-nobody',
      'The kit knows no bank, no database and no program.',
      { path: '^packages/eventsourcing/' },
      { path: '^(packages/(?!eventsourcing/)|bench/)' },
    ),
    rule(
      'bank-knows-only-the-kit',
      'The bank never imports an engine or the program; composition is in packages/openbank.',
      { path: '^packages/bank/' },
      { path: '^(packages/(?!bank/|eventsourcing/)|bench/)' },
    ),
    rule(
      'engine-knows-only-the-kit',
      'An engine never imports the bank, the program or another engine.',
      { path: '^packages/(engine-[^/]+)/' },
      { path: '^(packages/(?!$1/|eventsourcing/)|bench/)' },
    ),
    rule(
      'http-only',
      'The client and the console talk HTTP to the bank; their types come from the OpenAPI document.',
      { path: '^packages/(client|console)/' },
      { path: '^(packages/(?!$1/)|bench/)', pathNot: '^packages/client/src/index[.]ts$' },
    ),
    rule(
      'nobody-imports-bench',
      'Benchmarks measure the packages; nothing depends on them.',
      { path: '^packages/' },
      { path: '^bench/' },
    ),
    rule(
      'by-package-name',
      'Import another package by its name, not by a path into it.',
      { path: '^(?:packages/([^/]+)|bench|scripts)/' },
      { path: '^packages/(?!$1/)', dependencyTypes: ['local'], dependencyTypesNot: ['aliased-workspace'] },
    ),
    rule(
      'no-inner-files',
      'Import what the other package exports (see its package.json), not its inner files.',
      { path: '^(?:packages/([^/]+)|bench|scripts)/' },
      { path: '^packages/(?!$1/)', pathNot: entry },
    ),
    rule(
      'domain-is-pure',
      'The domain imports only itself, the kit, and pure libraries named in .dependency-cruiser.js.',
      { path: '^packages/bank/src/domain/', pathNot: test },
      {
        pathNot: [
          '^packages/bank/src/domain/',
          '^packages/eventsourcing/src/index[.]ts$',
          ...PURE_LIBRARIES.map((name) => `node_modules/${name}/`),
        ],
      },
    ),
    rule(
      'bank-does-no-io',
      'The bank is pure: input and output belong to engines and to the program.',
      { path: '^packages/bank/', pathNot: test },
      { dependencyTypes: ['core'], path: `^(node:)?(${io})(/|$)` },
    ),
    rule(
      'decisions-know-no-read-model',
      'A command decides on the streams that it names: what a read model shows may be behind.',
      { path: '^packages/bank/src/commands/', pathNot: test },
      { path: '^packages/bank/src/(projections|queries)/' },
    ),
    rule(
      'only-engines-know-databases',
      'The kit, the bank and the program reach a database through the ports of the kit.',
      { path: '^packages/', pathNot: ['^packages/engine-', ...testCode] },
      { path: '^(node:)?sqlite$|node_modules/(mongodb|@kurrent/|@eventstore/)' },
    ),
    rule(
      'no-test-code-in-production',
      'Test runners, tests and test helpers are for tests.',
      { path: '^packages/', pathNot: testCode },
      { path: ['node_modules/(vitest|@vitest|fast-check)/', ...testCode] },
    ),
    rule(
      'no-dev-dependency-in-production',
      'Move the dependency from devDependencies to dependencies of the package that imports it.',
      { path: '^packages/', pathNot: testCode },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'declared-dependencies',
      'Add the dependency to the package.json of the package that imports it.',
      {},
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    ),
    rule(
      'resolvable',
      'The import leads nowhere: a wrong path, or a file that the other package does not export.',
      {},
      { couldNotResolve: true },
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(node_modules/[.]|generated/)' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
      mainFields: ['main', 'types'],
    },
  },
};

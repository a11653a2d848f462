/**
 * Preloaded into a bank for measurement only: takes out the safeguards that `OPENBANK_BENCH_WITHOUT` names, by giving
 * Node another text for the module that makes each. Nothing in the bank knows of it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';

interface Replacement {
  readonly module: string;
  readonly source: (original: string) => string;
}

const REPLACEMENTS: Readonly<Record<string, Replacement>> = {
  chain: {
    module: '/packages/eventsourcing/src/chain.ts',
    source: () => `export const CHAIN_START = '0'.repeat(64); export const chainLink = () => CHAIN_START;`,
  },
  encryption: {
    module: '/packages/eventsourcing/src/personal-data/aes-gcm.ts',
    source: () =>
      'export const encrypt = (key, context, plain) => Buffer.from(plain); export const decrypt = (key, context, sealed) => sealed;',
  },
  crc: {
    module: '/packages/engine-sqlite/src/log/log-row.ts',
    source: (original) => replaced(original, "import { crc32 } from 'node:zlib';", 'const crc32 = () => 0;'),
  },
  projections: {
    module: '/packages/openbank/src/workers/projections.ts',
    source: () =>
      `import { parentPort } from 'node:worker_threads'; parentPort.once('message', () => parentPort.close());`,
  },
};

function replaced(text: string, part: string, by: string): string {
  if (!text.includes(part)) throw new Error(`The benchmark no longer finds "${part}" to take it out.`);
  return text.replace(part, by);
}

const wanted = (process.env.OPENBANK_BENCH_WITHOUT ?? '').split(',').filter((name) => name !== '');
const replacements = wanted.map((name) => {
  const replacement = REPLACEMENTS[name];
  if (replacement === undefined) throw new Error(`Nothing called ${name} can be taken out.`);
  if (!existsSync(new URL(`../../..${replacement.module}`, import.meta.url)))
    throw new Error(`The benchmark no longer finds ${replacement.module} to take it out.`);
  return replacement;
});

registerHooks({
  load(url, context, nextLoad) {
    const replacement = replacements.find(({ module }) => url.endsWith(module));
    if (replacement === undefined) return nextLoad(url, context);
    const original = stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8'));
    return { format: 'module', source: replacement.source(original), shortCircuit: true };
  },
});

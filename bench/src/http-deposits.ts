/**
 * Durable deposits over HTTP with description and idempotency key, 64 connections, 1,000 accounts, beside a bare
 * Fastify handler and the floor of the store: with the projections, without them, and with one safeguard after the other taken out.
 *
 * `node bench/src/http-deposits.ts [--rounds 3] [--seconds 5] [--safeguards]`
 */
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { floor } from './append/floor.ts';
import { startBank, startBare } from './http/bank-process.ts';
import { openAccounts } from './http/fill.ts';
import { type LoadOptions, loadDeposits } from './http/load.ts';
import { inDirectory } from './in-directory.ts';
import { inRounds, table } from './rounds.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '64' },
    accounts: { type: 'string', default: '1000' },
    safeguards: { type: 'boolean', default: false },
  },
});
const connections = Number(values.connections);
const seconds = Number(values.seconds);

async function bare(): Promise<number> {
  const server = await startBare();
  const accounts = Array.from({ length: 1000 }, (_, at) => at.toString(16).padStart(32, '0'));
  const load = await warmLoad({ address: server.address, accounts, connections, seconds });
  await server.stop();
  return load.perSecond;
}

function bank(without: readonly string[] = [], keys = true): () => Promise<number> {
  return async () => {
    const server = await startBank(without);
    const accounts = await openAccounts(server.address, Number(values.accounts));
    const load = await warmLoad({ address: server.address, accounts, connections, seconds, keys });
    process.stderr.write(`p50 ${load.p50Ms} ms, p99 ${load.p99Ms} ms, `);
    await server.stop();
    return load.perSecond;
  };
}

async function warmLoad(options: LoadOptions) {
  await loadDeposits({ ...options, seconds: 2 });
  return loadDeposits(options);
}

const contenders = values.safeguards
  ? {
      'all safeguards': bank(),
      'without idempotency keys': bank([], false),
      'without encryption': bank(['encryption']),
      'without the chain': bank(['chain']),
      'without the CRC': bank(['crc']),
      'without projections': bank(['projections']),
      'without any of them': bank(['encryption', 'chain', 'crc', 'projections'], false),
    }
  : {
      'bare Fastify handler': bare,
      'deposits, projections on': bank(),
      'deposits, projections off': bank(['projections']),
      'bare node:sqlite, groups of as many': () =>
        inDirectory(tmpdir(), (directory) =>
          floor({ directory, appends: 100_000, concurrency: connections, accounts: 1000 }),
        ),
    };

const figures = await inRounds(Number(values.rounds), contenders);
console.log(table(figures, Object.keys(contenders)[0] ?? ''));

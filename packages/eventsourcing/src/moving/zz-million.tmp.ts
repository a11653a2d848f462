import { randomUUID } from 'node:crypto';
import { chainLink, CHAIN_START } from '../chain.ts';
import type { MovedItem } from './moved-item.ts';
import { importLog } from './import-log.ts';
import { openSqliteEventStore, openSqliteKeyStore, openSqliteVerifiableLog } from '../../../engine-sqlite/src/index.ts';
const N = Number(process.argv[2]); const S = 20_000; const directory = process.argv[3] ?? '';
const store = await openSqliteEventStore({ directory, imports: true, maxTailEvents: Number.MAX_SAFE_INTEGER });
const keys = openSqliteKeyStore({ directory });
const log = openSqliteVerifiableLog(directory);
const heads = new Map<string, { r: number; l: string }>();
async function* items(): AsyncGenerator<readonly MovedItem[]> {
  for (let n = 0; n < N; ) {
    const page: MovedItem[] = [];
    for (let k = 0; k < 500 && n < N; k++, n++) {
      const stream = `BankAccount-${n % S}`;
      const h = heads.get(stream) ?? { r: -1, l: CHAIN_START };
      const event = { id: randomUUID(), type: 'MoneyDeposited', schemaVersion: 1, recordedAt: 1_700_000_000_000_000 + n, data: `{"amount":"${n}","currency":"USD","description":"${'x'.repeat(150)}"}`, metadata: { actor: 'a'.repeat(30), command_id: randomUUID(), commit_id: randomUUID(), commit_index: '0', commit_size: '1', correlation_id: randomUUID() } };
      const link = chainLink(h.l, stream, h.r + 1, event);
      heads.set(stream, { r: h.r + 1, l: link });
      page.push({ kind: 'commit', commit: { events: [{ ...event, stream, revision: h.r + 1, link }], claims: [{ name: `idempotency/someone/${randomUUID()}`, requestHash: link, events: [{ stream, first: h.r + 1, last: h.r + 1 }] }] } });
    }
    yield page;
  }
  yield [{ kind: 'key', entry: { kind: 'secret', name: 'request-hash', wrapped: new Uint8Array(65) } }];
  yield [{ kind: 'end', counts: { events: N, commits: N, claims: N, keys: 1 } }];
}
const t = performance.now();
let next = 0;
const done = await importLog(items(), { store, log, keys, bounds: { commits: 1000, events: 3000, characters: 2_000_000 } }, { onProgress: ({ events }) => { if (events >= next) { next += 100_000; console.log(events, ((performance.now() - t) / 1000).toFixed(0), 's', Math.round(process.memoryUsage.rss() / 1e6), 'MB'); } } });
console.log(done, 'maxRSS MB', process.resourceUsage().maxRSS / 1024, 'cpu s', process.resourceUsage().userCPUTime / 1e6);
log.close(); await keys.close(); await store.close();

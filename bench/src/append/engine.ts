import { openSqliteEventStore } from '@openbank/engine-sqlite';
import { atOnce } from './at-once.ts';
import { commitOf, createAccounts } from './deposits.ts';
import type { AppendOptions } from './floor.ts';

/** Durable appends per second of the embedded engine alone: commits as the repository makes them, one event and one claim each. */
export async function engine({ directory, appends, concurrency, accounts }: AppendOptions): Promise<number> {
  const store = await openSqliteEventStore({ directory });
  const all = createAccounts(accounts);
  let recordedAt = Date.now() * 1000;
  const perSecond = await atOnce({ appends, concurrency }, async (at) => {
    const account = all[at % all.length];
    if (account !== undefined) await store.append(commitOf(account, recordedAt++));
  });
  await store.close();
  return perSecond;
}

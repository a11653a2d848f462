import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Imported } from '@openbank/eventsourcing';
import { type BankAddress, nameOfBank } from '../moving/bank-address.ts';
import { usesFiles } from '../store-address.ts';
import type { Io } from './io.ts';

/** What has arrived, and what is left to do. */
export function sayImported({ events, claims, keys, found }: Imported, to: BankAddress, io: Io): void {
  const [all, taken, kept, there] = [events, claims, keys, found].map((count) => count.toLocaleString('en'));
  io.out(
    `${nameOfBank(to)} holds ${all} events, ${taken} claims and ${kept} keys; ${there} events were there already.`,
  );
  if (events === 0 && keys === 0) return;
  if (!io.environment.OPENBANK_MASTER_KEY) sayMasterKey(to, io);
  io.out('Then verify both banks, and compare digests, claims and books: ./openbank verify');
}

/** Servers have no directory of their own: whoever runs a bank on them says which. */
function sayMasterKey(to: BankAddress, io: Io): void {
  const isInFiles = usesFiles(to);
  const file = join(to.data, 'master.key');
  if (isInFiles && existsSync(file)) return;
  const place = isInFiles ? file : 'the data directory that it will start with';
  io.out(
    "Its master key does not move by itself: give the other bank's by OPENBANK_MASTER_KEY, or copy its master.key to",
  );
  io.out(`${place}, readable by its owner only.`);
}

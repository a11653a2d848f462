import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Imported } from '@openbank/eventsourcing';
import { type BankAddress, nameOfBank } from '../moving/bank-address.ts';
import type { Io } from './io.ts';

/** What has arrived, and what is left to do. */
export function sayImported({ events, claims, keys, found }: Imported, to: BankAddress, io: Io): void {
  const [all, taken, kept, there] = [events, claims, keys, found].map((count) => count.toLocaleString('en'));
  io.out(
    `${nameOfBank(to)} holds ${all} events, ${taken} claims and ${kept} keys; ${there} events were there already.`,
  );
  if (events === 0 && keys === 0) return;
  const masterKey = join(to.data, 'master.key');
  if (io.environment.OPENBANK_MASTER_KEY === undefined && !existsSync(masterKey)) {
    io.out(
      `Its master key does not move by itself: copy the other bank's master.key to ${masterKey}, readable by its owner`,
    );
    io.out('only, or give it by OPENBANK_MASTER_KEY.');
  }
  io.out('Then verify both banks, and compare digests, claims and books: ./openbank verify');
}

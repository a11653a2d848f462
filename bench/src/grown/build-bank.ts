import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { join } from 'node:path';
import { commandHandlers } from '@openbank/bank';
import { openSqliteEventStore, openSqliteKeyStore } from '@openbank/engine-sqlite';
import { type CommandContext, createRepository, createVault, loadMasterKey } from '@openbank/eventsourcing';
import { atOnce } from '../append/at-once.ts';
import { startBank } from '../http/bank-process.ts';
import type { GrownBank } from './measure-bank.ts';

export interface BankSize {
  readonly events: number;
  readonly accounts: number;
}

/** Accounts of one person. */
const ACCOUNTS_EACH = 100;
/** Commands under way at once: the larger the groups, the fewer the syncs. */
const CONCURRENCY = 512;
/** Events between two reports. */
const REPORT_EVERY = 100_000;

/**
 * Makes a bank in a directory as the program itself would have made it: by its own commands, without HTTP. Persons,
 * their accounts, and then deposits to accounts in turn, each with a description and an idempotency key, until there
 * are so many events.
 *
 * @param onProgress - told now and then how many events there are
 */
export async function buildBank(
  directory: string,
  { events, accounts }: BankSize,
  onProgress: (events: number) => void = () => {},
): Promise<GrownBank> {
  // The program makes the directory its own, and the keys.
  await (await startBank(directory)).stop();
  const store = await openSqliteEventStore({ directory });
  const keys = openSqliteKeyStore({ directory });
  const masterKey = await loadMasterKey({ file: join(directory, 'master.key'), keysExist: true });
  const vault = await createVault({ keys, masterKey });
  // Accounts are visited in turn, so that all of them have to be at hand.
  const repository = createRepository({ store, vault, maxCachedBytes: accounts * 2_000 });
  const handlers = commandHandlers({ repository, vault, log: store });
  const { RegisterPerson: register, CreateBankAccount: open, CreateDeposit: deposit } = handlers;
  let made = 0;
  const each = (count: number, work: (at: number) => Promise<unknown>) =>
    atOnce({ appends: count, concurrency: CONCURRENCY }, async (at) => {
      await work(at);
      if (++made % REPORT_EVERY === 0) onProgress(made);
    });

  const owners = ids(Math.ceil(accounts / ACCOUNTS_EACH));
  await each(owners.length, (at) =>
    register({ type: 'RegisterPerson', personId: owners[at] ?? '', ...PERSON }, contextOf()),
  );
  const opened = ids(accounts);
  await each(accounts, (at) => {
    const ownerId = owners[at % owners.length] ?? '';
    return open({ type: 'CreateBankAccount', accountId: opened[at] ?? '', ownerId, ...TERMS }, contextOf());
  });
  await each(events - made, (at) => {
    const accountId = opened[at % accounts] ?? '';
    const idempotency = {
      claim: `idempotency/local/${randomUUID()}`,
      requestHash: vault.requestHash(`${accountId} ${at}`),
    };
    const money = { amount: '1.00', description: 'Salary' };
    return deposit(
      { type: 'CreateDeposit', accountId, transactionId: id(), ...money },
      { ...contextOf(), idempotency },
    );
  });
  await store.close();
  await keys.close();
  return { directory, accounts: opened, events, deposits: events - accounts - owners.length };
}

const PERSON = {
  details: {
    first_name: 'Alice',
    last_name: 'Smith',
    date_of_birth: '1990-05-15',
    nationality: 'US',
    gender: 'FEMALE',
    address: null,
  },
  today: '2026-01-01',
} as const;
const TERMS = { currency: 'USD', overdraftLimit: '0.00' };

function contextOf(): CommandContext {
  const commandId = randomUUID();
  return { commandId, correlationId: commandId, causationId: commandId, actor: 'local' };
}

function ids(count: number): readonly string[] {
  return Array.from({ length: count }, id);
}

/** In the order of time, as the program makes them: that decides where rows of read models go. */
function id(): string {
  return randomUUIDv7().replaceAll('-', '');
}

import { randomBytes, randomUUID } from 'node:crypto';
import type { EventReader, RecordedEvent } from '@openbank/eventsourcing';

const PAGE = 1_000;

/** A log in memory: accounts are opened, then deposits go to them at random. Only what projections need of a reader. */
export function generatedLog(eventCount: number, accountCount: number): EventReader {
  const events = generatedEvents(eventCount, accountCount);
  const head = events.at(-1)?.position ?? '';

  async function* readAll({ after = '0' }: { readonly after?: string } = {}) {
    for (let from = Number(after); from < events.length; from += PAGE) {
      const page = events.slice(from, from + PAGE);
      yield { events: page, position: page.at(-1)?.position ?? head };
    }
  }
  return {
    readAll,
    head: async () => head,
    readStream: () => {
      throw new Error('projections do not read streams');
    },
    async *subscribe({ after, signal } = {}) {
      for await (const page of readAll(after === undefined ? {} : { after })) yield { kind: 'page', ...page };
      yield { kind: 'caught-up' };
      await new Promise((resolve) => signal?.addEventListener('abort', resolve));
    },
  };
}

function generatedEvents(eventCount: number, accountCount: number): readonly RecordedEvent[] {
  const ids = Array.from({ length: accountCount }, () => randomUUID().replaceAll('-', ''));
  const revisions = ids.map(() => -1);
  const cipher = randomBytes(60).toString('base64url');
  return Array.from({ length: eventCount }, (_, index) => {
    const account = index < accountCount ? index : Math.floor(Math.random() * accountCount);
    const id = ids[account] ?? '';
    const revision = (revisions[account] ?? -1) + 1;
    revisions[account] = revision;
    return {
      id: randomUUID(),
      type: revision === 0 ? 'BankAccountCreatedDomainEventV1' : 'BankAccountTransactionRecordedDomainEventV1',
      schemaVersion: 1,
      recordedAt: 1_790_000_000_000_000 + index,
      data: JSON.stringify(revision === 0 ? opened() : deposited(id, revision, cipher)),
      metadata: {},
      link: '',
      stream: `bank-account-${id}`,
      revision,
      position: String(index + 1).padStart(16, '0'),
    };
  });
}

function opened() {
  return { owner_id: randomUUID().replaceAll('-', ''), currency: 'USD', balance: '0.00', overdraft_limit: '0.00' };
}

function deposited(account: string, revision: number, cipher: string) {
  const id = randomUUID().replaceAll('-', '');
  return {
    transaction: { id, type: 'DEPOSIT', amount: '1.00', from_account_id: null, to_account_id: account },
    currency: 'USD',
    balance: `${revision}.00`,
    postings: [
      { account, amount: '1.00' },
      { account: 'cash', amount: '-1.00' },
    ],
    personal: { subject: account, cipher },
  };
}

import {
  CursorRefused,
  decodeEvent,
  type EventReader,
  type Handler,
  type RecordedEvent,
  streamOf,
  type Vault,
} from '@openbank/eventsourcing';
import type { AccountEventAnswer } from '../answers/account-event.ts';
import { bankAccount } from '../domain/bank-account.ts';
import { accountNotFound } from '../domain/refusal.ts';
import { rfc3339 } from '../domain/time.ts';
import type { ListPage, LookupDescription, Paging } from './query-description.ts';

/** The history of an account, event by event, from the first one on. */
export interface GetAccountEvents extends Paging {
  readonly type: 'GetAccountEvents';
  readonly accountId: string;
}

/** It draws on the log alone. */
export const getAccountEventsDescription: LookupDescription<GetAccountEvents> = {
  drawsOn: [],
  stream: ({ accountId }) => streamOf(bankAccount(accountId)),
  notFound: () => accountNotFound(),
};

/** A page of an account's events; undefined where the log has no such account. */
export function getAccountEvents(
  log: EventReader,
  vault: Vault,
): Handler<GetAccountEvents, unknown, ListPage<AccountEventAnswer> | undefined> {
  return async ({ accountId, limit, cursor }) => {
    const from = cursor === undefined ? 0 : revisionIn(cursor, accountId);
    const events: RecordedEvent[] = [];
    for await (const page of log.readStream(streamOf(bankAccount(accountId)), { from, limit: limit + 1 }))
      events.push(...page);
    if (events.length === 0 && from === 0) return undefined;
    const items = await Promise.all(events.slice(0, limit).map((event) => shown(event, vault)));
    return { items, next: events.length > limit ? cursorOf(accountId, from + limit) : undefined };
  };
}

async function shown(recorded: RecordedEvent, vault: Vault): Promise<AccountEventAnswer> {
  const { data, personal } = decodeEvent(recorded);
  return {
    position: recorded.position,
    revision: recorded.revision,
    id: recorded.id,
    type: recorded.type,
    schema_version: recorded.schemaVersion,
    recorded_at: rfc3339(recorded.recordedAt),
    data: { ...Object(data) },
    personal: personal === undefined ? null : await vault.open(personal),
    metadata: recorded.metadata,
    link: recorded.link,
  };
}

/** Opaque to callers: the account, and the revision that the page begins with. */
function cursorOf(accountId: string, revision: number): string {
  return Buffer.from(`${accountId} ${revision}`).toString('base64url');
}

function revisionIn(cursor: string, accountId: string): number {
  const [account, revision = ''] = Buffer.from(cursor, 'base64url').toString().split(' ');
  if (account !== accountId || !/^[1-9][0-9]{0,14}$/.test(revision)) throw new CursorRefused();
  return Number(revision);
}

import { type CheckedEvent, type Findings, placeOf } from '@openbank/eventsourcing';
import type { BankAccountTransactionRecordedDomainEventV1 } from '../domain/transaction.ts';

/**
 * Looks whether both sides of each transfer, or of the reversal of one, are in one commit and say the same, and whether a
 * fee that is charged for a transfer is in that one's commit.
 */
export interface Transfers {
  see(accountId: string, event: BankAccountTransactionRecordedDomainEventV1, place: CheckedEvent): void;
  endOfCommit(findings: Findings): void;
}

interface Side {
  readonly accountId: string;
  readonly data: BankAccountTransactionRecordedDomainEventV1['data'];
  readonly place: CheckedEvent;
}

export function createTransfers(): Transfers {
  const open = new Map<string, Side[]>();
  const fees: Side[] = [];
  return {
    see(accountId, { data }, place) {
      const { id, charged_for } = data.transaction;
      if (charged_for !== undefined) fees.push({ accountId, data, place });
      if (!isBetweenTwo(data)) return;
      const side = { accountId, data, place };
      const sides = open.get(id);
      if (sides === undefined) open.set(id, [side]);
      else sides.push(side);
    },
    endOfCommit(findings) {
      for (const sides of open.values()) {
        const fault = faultOf(sides);
        if (fault !== undefined && sides[0] !== undefined)
          findings.add('transfer-torn', placeOf(sides[0].place), fault);
      }
      for (const fee of fees) {
        const transfer = open.get(fee.data.transaction.charged_for ?? '')?.[0]?.data.transaction;
        if (transfer?.type === 'TRANSFER' && transfer.from_account_id === fee.accountId) continue;
        const what = 'its commit holds no transfer of its account that it is charged for';
        findings.add('fee-torn', placeOf(fee.place), what);
      }
      open.clear();
      fees.length = 0;
    },
  };
}

function isBetweenTwo({ transaction }: Side['data']): boolean {
  const { type, from_account_id: from, to_account_id: to } = transaction;
  return type === 'TRANSFER' || (type === 'REVERSAL' && from !== null && to !== null);
}

function faultOf(sides: readonly Side[]): string | undefined {
  const [one, other] = sides;
  if (one === undefined || other === undefined || sides.length !== 2) {
    return `its commit holds ${sides.length === 1 ? 'one side' : `${sides.length} sides`} of the transfer, not two`;
  }
  const { from_account_id: from, to_account_id: to } = one.data.transaction;
  const accounts = [one.accountId, other.accountId].sort();
  if (from === to || JSON.stringify(accounts) !== JSON.stringify([from, to].sort())) {
    return 'its two sides are not on the account that pays and on the one that is paid';
  }
  return factsOf(one) === factsOf(other) ? undefined : 'its two sides differ in accounts, amount or currency';
}

function factsOf({ data: { currency, transaction } }: Side): string {
  const { amount, from_account_id: from, to_account_id: to } = transaction;
  return JSON.stringify([currency, amount, from, to]);
}

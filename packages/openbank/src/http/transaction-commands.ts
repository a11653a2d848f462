import { newResourceId } from './request-context.ts';
import type { DepositBody, FeeBody, InterestBody, Remarks, TransferBody } from './schemas/transactions.ts';

// From the body of a call to the command that it stands for: each gets a transaction id of its own.

/** What a caller says of a transaction, as commands name it. */
export function remarksOf({ description = null, reference, metadata, value_date: valueDate }: Remarks) {
  return { description, reference, metadata, valueDate };
}

export function depositCommand(accountId: string, body: DepositBody) {
  return {
    type: 'CreateDeposit',
    accountId,
    ...movementOf(body),
    systemAccount: body.system_account,
  } as const;
}

export function withdrawalCommand(accountId: string, body: DepositBody) {
  return {
    type: 'CreateWithdrawal',
    accountId,
    ...movementOf(body),
    systemAccount: body.system_account,
  } as const;
}

export function feeCommand(body: FeeBody) {
  return { type: 'CreateFee', accountId: body.account_id, ...movementOf(body) } as const;
}

export function interestCommand(body: InterestBody) {
  return {
    type: 'RecordInterest',
    accountId: body.account_id,
    ...movementOf(body),
    period: body.period,
  } as const;
}

export function transferCommand(body: TransferBody) {
  const { from_account_id: fromAccountId, to_account_id: toAccountId, fee: amount } = body;
  const fee = amount === undefined ? undefined : { transactionId: newResourceId(), amount };
  return { type: 'CreateTransfer', fromAccountId, toAccountId, ...movementOf(body), fee } as const;
}

function movementOf({ amount, ...body }: Remarks & { readonly amount: string | number }) {
  return { transactionId: newResourceId(), amount, ...remarksOf(body) };
}

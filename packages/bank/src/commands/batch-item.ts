import { type CreateDeposit, planDeposit, validateCreateDeposit } from './create-deposit.ts';
import { type CreateFee, planFee, validateCreateFee } from './create-fee.ts';
import { type CreateTransfer, planTransfer, validateCreateTransfer } from './create-transfer.ts';
import { type CreateWithdrawal, planWithdrawal, validateCreateWithdrawal } from './create-withdrawal.ts';
import type { MovementPlan } from './movement.ts';
import { planInterest, type RecordInterest, validateRecordInterest } from './record-interest.ts';

/** What an item of a batch can be. */
export type BatchItem = CreateDeposit | CreateWithdrawal | CreateTransfer | RecordInterest | CreateFee;

/** @throws Refusal `malformed`, `same-account` */
export function validateBatchItem(item: BatchItem): void {
  switch (item.type) {
    case 'CreateDeposit':
      validateCreateDeposit(item);
      break;
    case 'CreateWithdrawal':
      validateCreateWithdrawal(item);
      break;
    case 'CreateTransfer':
      validateCreateTransfer(item);
      break;
    case 'RecordInterest':
      validateRecordInterest(item);
      break;
    case 'CreateFee':
      validateCreateFee(item);
      break;
    default:
      item satisfies never;
  }
}

export function planOf(item: BatchItem): MovementPlan {
  switch (item.type) {
    case 'CreateDeposit':
      return planDeposit(item);
    case 'CreateWithdrawal':
      return planWithdrawal(item);
    case 'CreateTransfer':
      return planTransfer(item);
    case 'RecordInterest':
      return planInterest(item);
    case 'CreateFee':
      return planFee(item);
    default:
      return item satisfies never;
  }
}

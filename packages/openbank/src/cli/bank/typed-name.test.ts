import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { typedName } from './typed-name.ts';

const fee = new Command('fee')
  .arguments('<account-id> <amount>')
  .option('--key <key>')
  .option('--if-match <revision>')
  .option('--value-date <day>')
  .option('--city <name>');
const transfer = new Command('transfer').arguments('<from-account-id> <to-account-id> <amount>');
const list = new Command('list').option('--owner <person-id>').option('--no-address');

describe('a field of a request', () => {
  it.each([
    ['value_date', fee, '--value-date'],
    ['If-Match', fee, '--if-match'],
    ['Idempotency-Key', fee, '--key'],
    ['address.city', fee, '--city'],
    ['amount', fee, 'amount'],
    ['account_id', fee, 'account-id'],
    ['id', fee, 'account-id'],
    ['to_account_id', transfer, 'to-account-id'],
    ['owner_id', list, '--owner'],
  ])('%s is named as it was typed', (field, command, typed) => {
    expect(typedName(field, command)).toBe(typed);
  });

  it.each([
    ['id', transfer],
    ['items.0.amount', fee],
    ['min_position', list],
    ['address', list],
  ])('%s keeps its name where it was not typed by another', (field, command) => {
    expect(typedName(field, command)).toBe(field);
  });
});

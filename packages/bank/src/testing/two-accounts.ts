import { createTestBank } from './test-bank.ts';

/** For tests: a bank in memory with two people, and an account in USD of each. */
export async function bankWithTwoAccounts() {
  const bank = await createTestBank();
  const ann = (await bank.register()).answer.id;
  const bob = (await bank.register()).answer.id;
  const a = (await bank.open({ ownerId: ann })).answer.id;
  const b = (await bank.open({ ownerId: bob })).answer.id;
  return { bank, ann, bob, a, b };
}

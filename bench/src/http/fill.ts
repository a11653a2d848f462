import { call } from './call.ts';

/** At the same time. */
const TOGETHER = 50;

/** Registers a person and opens accounts for it, over HTTP, each with some money; answers the accounts' ids. */
export async function openAccounts(address: string, count: number, amount?: string): Promise<string[]> {
  const owner_id = await created(`${address}/api/v1/persons`, {
    first_name: 'Alice',
    last_name: 'Smith',
    date_of_birth: '1990-05-15',
    nationality: 'US',
    gender: 'FEMALE',
  });
  const accounts: string[] = [];
  let started = 0;
  const open = async (): Promise<void> => {
    while (started++ < count) {
      const id = await created(`${address}/api/v1/accounts`, { owner_id });
      if (amount !== undefined)
        await call(`${address}/api/v1/transactions/deposit`, { account_id: id, amount });
      accounts.push(id);
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, open));
  return accounts;
}

async function created(url: string, body: object): Promise<string> {
  return String(Object((await call(url, body)).body).id);
}

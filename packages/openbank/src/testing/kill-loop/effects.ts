import type { Write } from './call.ts';

type Effects = readonly (readonly [account: string, cents: number])[];

/** What a write adds to each account that it touches, in cents. */
export function effects({ path, body, reverses }: Write): Effects {
  if (reverses !== undefined) return effects(reverses).map(([account, cents]) => [account, -cents]);
  const { items } = body;
  if (Array.isArray(items)) return items.flatMap(({ type, ...item }) => effectsOf(String(type), item));
  return effectsOf(path.replace('/transactions/', ''), body);
}

function effectsOf(type: string, body: Write['body']): Effects {
  const cents = Math.round(Number(body.amount) * 100);
  switch (type) {
    case 'deposit':
    case 'interest':
      return [[String(body.account_id), cents]];
    case 'withdrawal':
      return [[String(body.account_id), -cents]];
    case 'transfer':
      return [
        [String(body.from_account_id), -cents],
        [String(body.to_account_id), cents],
      ];
    default:
      throw new Error(`Nobody knows what a ${type} adds to an account.`);
  }
}

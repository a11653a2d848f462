/** Deposits to accounts at random, each with a description and, unless told otherwise, a key of its own. */
export function deposits(
  accounts: readonly string[],
  { keys = true }: { readonly keys?: boolean } = {},
): string {
  return posts(
    accounts,
    '/transactions/deposit',
    `'{"account_id":"' .. accounts[math.random(#accounts)] .. '","amount":"1.00","description":"Salary"}'`,
    keys,
  );
}

/** Transfers between two different accounts at random, each with a description and a key of its own. */
export function transfers(accounts: readonly string[]): string {
  const from = 'accounts[from]';
  const to = 'accounts[(from + math.random(#accounts - 1) - 1) % #accounts + 1]';
  return posts(
    accounts,
    '/transactions/transfer',
    `'{"from_account_id":"' .. ${from} .. '","to_account_id":"' .. ${to} .. '","amount":"1.00","description":"Rent"}'`,
    true,
  );
}

/** Queries of single accounts, at random. */
export function accountQueries(accounts: readonly string[]): string {
  return `${listOf(accounts)}
request = function()
  return wrk.format("GET", "/api/v1/accounts/" .. accounts[math.random(#accounts)])
end
`;
}

function posts(accounts: readonly string[], path: string, body: string, keys: boolean): string {
  return `${listOf(accounts)}
local count = 0
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
request = function()
  count = count + 1
  local from = math.random(#accounts)
  ${keys ? 'wrk.headers["Idempotency-Key"] = run .. "-" .. count' : ''}
  return wrk.format(nil, "/api/v1${path}", nil, ${body})
end
`;
}

/** Cut out of one text: Lua takes only so many texts in a script. */
function listOf(accounts: readonly string[]): string {
  return `local accounts = {}
for id in ("${accounts.join(' ')}"):gmatch("%S+") do accounts[#accounts + 1] = id end`;
}

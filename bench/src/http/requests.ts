/** Deposits to accounts at random, each with a description and, unless told otherwise, a key of its own. */
export function deposits(
  accounts: readonly string[],
  { keys = true }: { readonly keys?: boolean } = {},
): string {
  const path = '/transactions/deposit';
  return posts(accounts, { path, keys, body: `'{' .. ${DEPOSIT} .. '}'` });
}

/** Batches of so many deposits of 1.00 to accounts at random, each with a description; a batch has a key of its own. */
export function batches(mode: 'atomic' | 'independent', size: number, accounts: readonly string[]): string {
  const path = '/transactions/batch';
  const body = `'{"mode":"${mode}","items":[' .. items() .. ']}'`;
  const before = `local function items()
  local all = {}
  for at = 1, ${size} do all[at] = '{"type":"deposit",' .. ${DEPOSIT} .. '}' end
  return table.concat(all, ",")
end`;
  return posts(accounts, { path, body, before });
}

/** The members of a deposit's body. */
const DEPOSIT = `'"account_id":"' .. accounts[math.random(#accounts)] .. '","amount":"1.00","description":"Salary"'`;

/** Transfers between two different accounts at random, each with a description and a key of its own. */
export function transfers(accounts: readonly string[]): string {
  const from = 'accounts[from]';
  const to = 'accounts[(from + math.random(#accounts - 1) - 1) % #accounts + 1]';
  const body = `'{"from_account_id":"' .. ${from} .. '","to_account_id":"' .. ${to} .. '","amount":"1.00","description":"Rent"}'`;
  return posts(accounts, { path: '/transactions/transfer', body });
}

/** Queries of single accounts, at random. */
export function accountQueries(accounts: readonly string[]): string {
  return `${listOf(accounts)}
request = function()
  return wrk.format("GET", "/api/v1/accounts/" .. accounts[math.random(#accounts)])
end
`;
}

interface Posts {
  readonly path: string;
  /** Lua for a body. */
  readonly body: string;
  /** Whether each has a key of its own. Default: yes. */
  readonly keys?: boolean;
  /** Lua that the body needs. */
  readonly before?: string;
}

function posts(accounts: readonly string[], { path, body, keys = true, before = '' }: Posts): string {
  return `${listOf(accounts)}
${before}
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

/** What a refusal means to the caller: it is not there, it was asked wrongly, or a rule of the bank forbids it. */
export type RefusalKind = 'not-found' | 'malformed' | 'rule';

/** Stable: programs may branch on them. */
export type RefusalCode =
  | 'malformed'
  | 'person-not-found'
  | 'person-already-registered'
  | 'birth-date-in-future'
  | 'account-not-found'
  | 'transaction-not-found'
  | 'account-already-open'
  | 'account-frozen'
  | 'account-closed'
  | 'balance-limit-exceeded'
  | 'insufficient-funds'
  | 'same-account'
  | 'currency-mismatch'
  | 'overdraft-limit-too-high'
  | 'overdraft-limit-in-use'
  | 'account-not-frozen'
  | 'balance-not-zero'
  | 'interest-already-recorded'
  | 'already-reversed'
  | 'not-reversible';

/** What is wrong with one field of a request, in the words of the request (`address.zip_code`). */
export interface FieldProblem {
  readonly field: string;
  /** What the field must be. It repeats no value: values may be personal. */
  readonly message: string;
}

/** The bank does not do what it was asked. Nothing is recorded, and the caller is told what to do about it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly kind: RefusalKind;
  readonly code: RefusalCode;
  /** The fields that it is about; none where it is about none. */
  readonly fields: readonly FieldProblem[];

  constructor(kind: RefusalKind, code: RefusalCode, message: string, fields: readonly FieldProblem[] = []) {
    super(message);
    this.kind = kind;
    this.code = code;
    this.fields = fields;
  }
}

export function isRefusal(error: unknown): error is Refusal {
  return error instanceof Refusal;
}

/** Fields that cannot be right whatever the state of the bank is. */
export function malformed(...fields: readonly FieldProblem[]): Refusal {
  const named = fields.map(({ field, message }) => `${field} ${message}`);
  return new Refusal('malformed', 'malformed', `${named.join('; ')}.`, fields);
}

/** @param field - where the id stood in the request body; undefined where it stood in the address */
export function personNotFound(field?: string): Refusal {
  return notFound('person', field, 'There is no person with this id: register the person first.');
}

/** @param field - where the id stood in the request body; undefined where it stood in the address */
export function accountNotFound(field?: string): Refusal {
  return notFound('account', field, 'There is no account with this id: open the account first.');
}

export function transactionNotFound(): Refusal {
  const message = 'There is no transaction with this id: check the id.';
  return new Refusal('not-found', 'transaction-not-found', message);
}

function notFound(what: 'person' | 'account', field: string | undefined, message: string): Refusal {
  const fields = field === undefined ? [] : [{ field, message: `no ${what} has this id` }];
  return new Refusal('not-found', `${what}-not-found`, message, fields);
}

/** An event of an account as the log holds it, its personal part opened. */
export interface AccountEventAnswer {
  /** Where it is in the whole log. */
  readonly position: string;
  /** Where it is in its account's stream, from 0. */
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  /** Of the form of its data. */
  readonly schema_version: number;
  /** RFC 3339, to the microsecond. */
  readonly recorded_at: string;
  /** As it was recorded, but for the personal part. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Null where it has none; `erased` once its person is. */
  readonly personal: unknown;
  /** Who, why, and with what: names and texts. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Of the chain: it depends on all events of the account before it. */
  readonly link: string;
}

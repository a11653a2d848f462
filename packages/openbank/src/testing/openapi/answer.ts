/** An answer, and the request that it was given to. */
export interface Answer {
  readonly method: string;
  /** With its query. */
  readonly url: string;
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** What a command is refused with: the number and the name are MongoDB's own (its `error_codes.yml`). */
export class CommandError extends Error {
  readonly code: number;
  readonly codeName: string;
  readonly labels: readonly string[];
  /** More fields of the answer, such as `keyPattern`. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: number, codeName: string, message: string, more: CommandErrorMore = {}) {
    super(message);
    this.name = 'CommandError';
    this.code = code;
    this.codeName = codeName;
    this.labels = more.labels ?? [];
    this.details = more.details ?? {};
  }
}

interface CommandErrorMore {
  readonly labels?: readonly string[];
  readonly details?: Readonly<Record<string, unknown>>;
}

export function badValue(message: string): CommandError {
  return new CommandError(2, 'BadValue', message);
}

export function failedToParse(message: string): CommandError {
  return new CommandError(9, 'FailedToParse', message);
}

/** A real server may know it. The double refuses what it would answer wrongly. */
export function notInTheDouble(what: string): CommandError {
  return new CommandError(238, 'NotImplemented', `the test double does not know ${what}`);
}

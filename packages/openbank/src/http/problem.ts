/** An error as every caller sees it: RFC 9457, with a stable `code` that programs may branch on. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  /** Names this one occurrence in the server's log; only where the log has more to say. */
  readonly instance?: string;
  /** What is wrong with which part of the request. */
  readonly errors?: readonly FieldError[];
  /** The resource that was meant, where it is unknown whether it was made. */
  readonly resource_id?: string;
}

export interface FieldError {
  /** `amount`, `address.city`, `min_position`, `Idempotency-Key`... */
  readonly field: string;
  readonly message: string;
}

/** What a problem says beyond its code, status and detail, and what goes into the response's headers. */
export interface ProblemExtras {
  readonly errors?: readonly FieldError[];
  readonly instance?: string;
  readonly resourceId?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error that knows how it is answered. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: string;
  readonly status: number;
  readonly extras: ProblemExtras;

  constructor(status: number, code: string, detail: string, extras: ProblemExtras = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.extras = extras;
  }

  toProblem(): Problem {
    const { errors, instance, resourceId } = this.extras;
    return {
      type: `urn:openbank:problem:${this.code}`,
      title: titleOf(this.code),
      status: this.status,
      detail: this.message,
      code: this.code,
      ...(instance !== undefined && { instance }),
      ...(errors !== undefined && { errors }),
      ...(resourceId !== undefined && { resource_id: resourceId }),
    };
  }
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8';

/** A request that is wrong in itself, with the parts that are. */
export function malformed(errors: readonly FieldError[]): ProblemError {
  const fields = errors.map(({ field, message }) => `${field} ${message}`).join('; ');
  return new ProblemError(400, 'malformed', `The request cannot be understood: ${fields}.`, { errors });
}

/** A refusal for now: the same request may succeed after a while. */
export function unavailable(
  code: string,
  detail: string,
  retryAfterSeconds: number,
  resourceId?: string,
): ProblemError {
  return new ProblemError(503, code, detail, {
    headers: { 'Retry-After': String(retryAfterSeconds) },
    resourceId,
  });
}

/** `insufficient-funds`: `Insufficient funds`. */
function titleOf(code: string): string {
  const words = code.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

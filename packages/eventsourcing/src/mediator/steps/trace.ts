import type { Step } from '../mediator.ts';

/** What became of a message. Holds nothing of its content. */
export interface Trace {
  readonly message: string;
  readonly durationMs: number;
  /** `ok`, the code of its error, or `error` where that has none. */
  readonly outcome: string;
}

/** Reports every message, its duration and its outcome. Stands first, so that it sees what all other steps do. */
export function trace<Context>(observe: (trace: Trace, context: Context) => void): Step<Context> {
  return async (message, context, next) => {
    const start = performance.now();
    let outcome = 'ok';
    try {
      return await next(context);
    } catch (error) {
      outcome = codeOf(error);
      throw error;
    } finally {
      observe({ message: message.type, durationMs: performance.now() - start, outcome }, context);
    }
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'error';
}

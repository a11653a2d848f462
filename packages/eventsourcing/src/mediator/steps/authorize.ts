import type { Message, Step } from '../mediator.ts';

/** Asks whether a message may be sent in its context; `mayDo` throws, or rejects, what the caller is to be told. */
export function authorize<Context>(
  mayDo: (message: Message, context: Context) => void | Promise<void>,
): Step<Context> {
  return (message, context, next) => {
    const decision = mayDo(message, context);
    return decision === undefined ? next(context) : decision.then(() => next(context));
  };
}

import type { Message, MessageOf, Step } from '../mediator.ts';

/** Checks by type of message; each throws what the caller is to be told. */
export type Validators<Handlers> = {
  readonly [Name in keyof Handlers]?: (message: MessageOf<Handlers[Name]>) => void;
};

/** Refuses a malformed message before anything is done for it. A message without a validator passes. */
export function validate<Context, Handlers>(validators: Validators<Handlers>): Step<Context> {
  const byType = new Map<string, unknown>(Object.entries(validators));
  return (message, context, next) => {
    const check = byType.get(message.type) as ((message: Message) => void) | undefined;
    check?.(message);
    return next(context);
  };
}

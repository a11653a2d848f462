/** A message by name: a command or a query. */
export interface Message {
  readonly type: string;
}

/** Answers one type of message. The context is what came with it: see `CommandContext`. */
export type Handler<In extends Message, Context, Out> = (message: In, context: Context) => Promise<Out>;

/** A step around every message: looks at it, may change the context, and calls `next`. */
export type Step<Context> = (
  message: Message,
  context: Context,
  next: (context: Context) => Promise<unknown>,
) => Promise<unknown>;

type Handlers<Context> = Readonly<Record<string, Handler<never, Context, unknown>>>;
type MessageOf<H> = H extends (message: infer In, ...rest: never[]) => unknown ? In : never;
type ResultOf<H> = H extends (...args: never[]) => Promise<infer Out> ? Out : never;

export interface Mediator<Context, H extends Handlers<Context>> {
  /** Takes a message through the pipeline to its handler. */
  send<Name extends keyof H & string>(
    message: MessageOf<H[Name]> & { readonly type: Name },
    context: Context,
  ): Promise<ResultOf<H[Name]>>;
}

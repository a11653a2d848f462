import { EventSourcingError } from '../errors.ts';

/** A message by name: a command or a query. */
export interface Message {
  readonly type: string;
}

/** Answers one type of message. The context is what came with it: see `RequestContext`. */
export type Handler<In extends Message, Context, Out> = (message: In, context: Context) => Promise<Out>;

/**
 * A step around every message: looks at it, may change the context, and calls `next`. It may throw at once as well as
 * reject, and so may `next`: an async step sees no difference.
 */
export type Step<Context> = (
  message: Message,
  context: Context,
  next: (context: Context) => Promise<unknown>,
) => Promise<unknown>;

/** Handlers by the type of the message that they answer. */
export type Handlers<Context> = Readonly<Record<string, Handler<never, Context, unknown>>>;

/** The message that a handler answers. */
export type MessageOf<H> = H extends (message: infer In, ...rest: never[]) => unknown ? In : never;
type ResultOf<H> = H extends (...args: never[]) => Promise<infer Out> ? Out : never;

export interface Mediator<Context, H extends Handlers<Context>> {
  /** Takes a message through the pipeline to its handler. */
  send<Name extends keyof H & string>(
    message: MessageOf<H[Name]> & { readonly type: Name },
    context: Context,
  ): Promise<ResultOf<H[Name]>>;
}

export interface MediatorOptions<Context, H extends Handlers<Context>> {
  /** Each under the type of its message. */
  readonly handlers: H;
  /** The first step sees a message first and its outcome last. */
  readonly pipeline: readonly Step<Context>[];
}

/** One way from a message to its handler. The pipeline is put together here, once, and not for each message. */
export function createMediator<Context, H extends Handlers<Context>>({
  handlers,
  pipeline,
}: MediatorOptions<Context, H>): Mediator<Context, H> {
  const way = pipeline.reduceRight(before, toHandler(handlers));
  return {
    send(message, context) {
      try {
        return way(message, context) as Promise<ResultOf<H[typeof message.type]>>;
      } catch (error) {
        return Promise.reject(error);
      }
    },
  };
}

type Way<Context> = (message: Message, context: Context) => Promise<unknown>;

function before<Context>(rest: Way<Context>, step: Step<Context>): Way<Context> {
  return (message, context) => step(message, context, (changed) => rest(message, changed));
}

function toHandler<Context>(handlers: Handlers<Context>): Way<Context> {
  const byType = new Map(Object.entries(handlers));
  return (message, context) => {
    const handler = byType.get(message.type) as Handler<Message, Context, unknown> | undefined;
    if (handler === undefined) throw unknownMessage(message.type);
    return handler(message, context);
  };
}

function unknownMessage(type: string): EventSourcingError {
  return new EventSourcingError(
    'unknown-message',
    `Nothing handles ${type}: hand its handler to the mediator.`,
  );
}

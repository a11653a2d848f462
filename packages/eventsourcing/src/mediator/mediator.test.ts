import { describe, expect, expectTypeOf, test } from 'vitest';
import { createMediator, type Handler, type Step } from './mediator.ts';

interface AddParcel {
  readonly type: 'AddParcel';
  readonly id: string;
  readonly weight: bigint;
}
interface GetParcel {
  readonly type: 'GetParcel';
  readonly id: string;
}
interface Narrow {
  readonly caller: string;
}
interface Wide extends Narrow {
  readonly seen: readonly string[];
}

const addParcel: Handler<AddParcel, Narrow, { weight: bigint }> = async ({ weight }) => ({ weight });
const getParcel: Handler<GetParcel, Wide, string> = async ({ id }, { seen }) => [...seen, id].join();
const handlers = { AddParcel: addParcel, GetParcel: getParcel };
const context: Wide = { caller: 'test', seen: [] };

const seenBy =
  (name: string): Step<Wide> =>
  (_, before, next) =>
    next({ ...before, seen: [...before.seen, name] });

const mediator = (...pipeline: Step<Wide>[]) => createMediator({ handlers, pipeline });

describe('a mediator', () => {
  test('takes a message to the handler of its type', async () => {
    expect(await mediator().send({ type: 'AddParcel', id: 'a', weight: 2n }, context)).toEqual({
      weight: 2n,
    });
    expect(await mediator().send({ type: 'GetParcel', id: 'a' }, context)).toBe('a');
  });

  test('goes through the pipeline in its order, each step handing on its context', async () => {
    const answer = await mediator(seenBy('1'), seenBy('2')).send({ type: 'GetParcel', id: 'a' }, context);
    expect(answer).toBe('1,2,a');
    expect(context.seen).toEqual([]);
  });

  test('keeps messages apart that are under way at once', async () => {
    const slow: Step<Wide> = async (message, before, next) => {
      await Promise.resolve();
      return next({ ...before, seen: [message.type] });
    };
    const { send } = mediator(slow, seenBy('x'));
    const ids = ['a', 'b', 'c'];
    const answers = await Promise.all(ids.map((id) => send({ type: 'GetParcel', id }, context)));
    expect(answers).toEqual(ids.map((id) => `GetParcel,x,${id}`));
  });

  test('lets a step answer without its handler', async () => {
    const short: Step<Wide> = async () => 'short';
    expect(await mediator(short).send({ type: 'GetParcel', id: 'a' }, context)).toBe('short');
  });

  test('rejects with what a step or handler throws, and never throws at once', async () => {
    const failing: Step<Wide> = () => {
      throw new Error('refused');
    };
    await expect(mediator(failing).send({ type: 'GetParcel', id: 'a' }, context)).rejects.toThrow('refused');
  });

  test.each(['Unknown', 'constructor', '__proto__', ''])(
    'rejects the message type %j, which nothing handles',
    async (type) => {
      const message = JSON.parse(JSON.stringify({ type }));
      await expect(mediator().send(message, context)).rejects.toMatchObject({ code: 'unknown-message' });
    },
  );
});

test('a mediator is told by its types', () => {
  const { send } = mediator();
  expectTypeOf(send({ type: 'AddParcel', id: 'a', weight: 1n }, context)).resolves.toEqualTypeOf<{
    weight: bigint;
  }>();
  expectTypeOf(send({ type: 'GetParcel', id: 'a' }, context)).resolves.toBeString();
  const command: AddParcel = { type: 'AddParcel', id: 'a', weight: 1n };
  expectTypeOf(send(command, context)).resolves.toEqualTypeOf<{ weight: bigint }>();

  const _refused = () => [
    // @ts-expect-error nothing handles it
    send({ type: 'RemoveParcel', id: 'a' }, context),
    // @ts-expect-error a field is missing
    send({ type: 'AddParcel', id: 'a' }, context),
    // @ts-expect-error a field is of another type
    send({ type: 'AddParcel', id: 'a', weight: 1 }, context),
    // @ts-expect-error there is no such field
    send({ type: 'GetParcel', id: 'a', weight: 1n }, context),
    // @ts-expect-error the context lacks what a handler needs
    send({ type: 'GetParcel', id: 'a' }, { caller: 'test' }),
  ];
});

import { describe, expect, expectTypeOf, test, vi } from 'vitest';
import type { RequestContext } from '../context.ts';
import { createMediator, type Handler, type Step } from '../mediator.ts';
import { authorize } from './authorize.ts';
import { idempotency } from './idempotency.ts';
import { type Trace, trace } from './trace.ts';
import { type Validators, validate } from './validate.ts';

interface Rename {
  readonly type: 'Rename';
  readonly name: string;
}
interface Look {
  readonly type: 'Look';
}

class Refusal extends Error {
  readonly code = 'name-refused';
}

const handlers = {
  Rename: (async (_, context) => context) satisfies Handler<Rename, RequestContext, RequestContext>,
  Look: (async () => 'seen') satisfies Handler<Look, RequestContext, string>,
};

const context: RequestContext = {
  commandId: 'c',
  correlationId: 'c',
  causationId: 'c',
  actor: undefined,
  request: { method: 'PUT', path: '/name', body: { b: 1, a: 2 } },
};
const rename: Rename = { type: 'Rename', name: 'new' };

const through = (...pipeline: Step<RequestContext>[]) => createMediator({ handlers, pipeline });

test('the steps stand together in one pipeline', async () => {
  const mediator = createMediator({
    handlers,
    pipeline: [
      trace<RequestContext>(() => {}),
      validate<RequestContext, typeof handlers>({}),
      authorize<RequestContext>(() => {}),
      idempotency<RequestContext>({ requestHash: (text) => text }),
    ],
  });
  expectTypeOf(mediator.send({ type: 'Look' }, context)).resolves.toBeString();
  expect(await mediator.send({ type: 'Look' }, context)).toBe('seen');
});

describe('trace', () => {
  const observed = async (...rest: Step<RequestContext>[]) => {
    const observe = vi.fn<(trace: Trace, context: RequestContext) => void>();
    const answer = await Promise.allSettled([
      through(trace(observe), ...rest).send({ type: 'Look' }, context),
    ]);
    return { answer: answer[0], calls: observe.mock.calls };
  };

  test('reports name, duration and success', async () => {
    const { answer, calls } = await observed();
    expect(answer).toEqual({ status: 'fulfilled', value: 'seen' });
    expect(calls).toEqual([[{ message: 'Look', durationMs: expect.any(Number), outcome: 'ok' }, context]]);
    expect(calls[0]?.[0].durationMs).toBeGreaterThanOrEqual(0);
  });

  test.each([
    [new Refusal('no'), 'name-refused'],
    [new Error('no'), 'error'],
    ['no', 'error'],
  ])('reports the code of %s and lets it pass', async (reason, outcome) => {
    const { answer, calls } = await observed(() => {
      throw reason;
    });
    expect(answer).toEqual({ status: 'rejected', reason });
    expect(calls.map(([{ outcome }]) => outcome)).toEqual([outcome]);
  });
});

describe('validate', () => {
  const validators: Validators<typeof handlers> = {
    Rename: ({ name }) => {
      if (name === '') throw new Refusal('A name has a letter.');
    },
  };

  test('refuses what the validator of its type refuses, before anything behind it runs', async () => {
    const behind = vi.fn<Step<RequestContext>>();
    const sent = through(validate(validators), behind).send({ type: 'Rename', name: '' }, context);
    await expect(sent).rejects.toMatchObject({ code: 'name-refused' });
    expect(behind).not.toHaveBeenCalled();
  });

  test('lets pass what is valid and what has no validator', async () => {
    const { send } = through(validate(validators));
    expect(await send(rename, context)).toBe(context);
    expect(await send({ type: 'Look' }, context)).toBe('seen');
  });

  test('knows the shape of each message', () => {
    const _refused = [
      // @ts-expect-error nothing handles it
      validate<RequestContext, typeof handlers>({ Other: () => {} }),
      // @ts-expect-error it has no such field
      validate<RequestContext, typeof handlers>({ Look: ({ name }) => name }),
    ];
  });
});

describe('authorize', () => {
  const refused = new Refusal('not you');

  test.each([
    [
      'throws',
      (): void => {
        throw refused;
      },
    ],
    [
      'rejects',
      async (): Promise<void> => {
        throw refused;
      },
    ],
  ])('stops a message where the decision %s', async (_, mayDo) => {
    const behind = vi.fn<Step<RequestContext>>();
    await expect(through(authorize(mayDo), behind).send(rename, context)).rejects.toBe(refused);
    expect(behind).not.toHaveBeenCalled();
  });

  test('decides on message and context', async () => {
    const mayDo = vi.fn<() => void>();
    expect(await through(authorize(mayDo)).send(rename, context)).toBe(context);
    expect(mayDo).toHaveBeenCalledExactlyOnceWith(rename, context);
  });
});

describe('idempotency', () => {
  const requestHash = vi.fn<(text: string) => string>(() => 'hash');
  const claimed = async (changes: Partial<RequestContext>) => {
    const answer = await through(idempotency({ requestHash })).send(rename, { ...context, ...changes });
    return answer.idempotency;
  };

  test('leaves a message without a key as it is', async () => {
    requestHash.mockClear();
    expect(await claimed({})).toBeUndefined();
    expect(requestHash).not.toHaveBeenCalled();
  });

  test('claims the key for its caller, with the hash of the canonical request', async () => {
    const idempotencyKey = 'k 1/2';
    expect(await claimed({ idempotencyKey, actor: 'a1' })).toEqual({
      claim: 'idempotency/a1/k 1/2',
      requestHash: 'hash',
    });
    expect(requestHash).toHaveBeenLastCalledWith('PUT /name\n{"a":2,"b":1}');
  });

  test('gives no two callers the same claim', async () => {
    const callers: readonly (readonly [string | undefined, string])[] = [
      [undefined, 'a/b'],
      ['@anyone', 'a/b'],
      ['', 'a/b'],
      ['a', 'b'],
      ['a/b', 'c'],
      ['a', 'b/c'],
    ];
    const claims = await Promise.all(
      callers.map(([actor, idempotencyKey]) => claimed({ actor, idempotencyKey })),
    );
    expect(new Set(claims.map((each) => each?.claim)).size).toBe(callers.length);
  });

  test('keeps the rest of the context', async () => {
    const before = { ...context, idempotencyKey: 'k', expectedRevision: 4 };
    const { idempotency: _, ...rest } = await through(idempotency({ requestHash })).send(rename, before);
    expect(rest).toEqual(before);
  });
});

import { pino } from 'pino';
import { Type } from 'typebox';
import { expect, it } from 'vitest';
import { createApp } from './app.ts';
import { createProblems } from './reply-problem.ts';

it('hands a body on as it was sent, without defaults, changes of type or omissions', async () => {
  const app = createApp(createProblems(pino({ level: 'silent' })));
  const body = Type.Object({ a: Type.Optional(Type.String({ default: 'x' })), b: Type.Optional(Type.Any()) });
  app.post('/', { schema: { body } }, async (request) => request.body);
  for (const payload of [{}, { b: '5' }, { c: 1 }])
    expect((await app.inject({ method: 'POST', url: '/', payload })).json()).toEqual(payload);
  expect((await app.inject({ method: 'POST', url: '/', payload: { a: 5 } })).statusCode).toBe(400);
  await app.close();
});

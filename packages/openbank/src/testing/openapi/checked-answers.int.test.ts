import { pino } from 'pino';
import { Type } from 'typebox';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApp } from '../../http/app.ts';
import { documentRoutes } from '../../http/openapi.ts';
import { createProblems } from '../../http/reply-problem.ts';
import { Id } from '../../http/schemas/common.ts';
import { ProblemSchema } from '../../http/schemas/problem.ts';
import { answered } from '../../http/schemas/responses.ts';
import { callsTo } from '../calls.ts';
import { type MemoryBank, openMemoryBank } from '../memory-bank.ts';
import type { Answer } from './answer.ts';
import { checkAnswers } from './check-app.ts';
import { type AnswerCheck, createAnswerCheck } from './checked-answers.ts';
import { documentOf } from './document.ts';

let bank: MemoryBank;
let check: AnswerCheck;
let right: Answer;
let wrong: Answer;
beforeAll(async () => {
  bank = await openMemoryBank();
  check = createAnswerCheck(documentOf(bank.app));
  const { post, registerAlice } = callsTo(bank.app);
  const opened = await post('/accounts', { owner_id: await registerAlice() });
  const { statusCode: status, headers, body } = opened;
  right = { method: 'POST', url: '/api/v1/accounts', status, headers, body };
  const refused = await post('/accounts', {});
  wrong = { ...right, status: refused.statusCode, headers: refused.headers, body: refused.body };
});
afterAll(() => bank.close());

const changed = (answer: Answer, fields: object): Answer => ({
  ...answer,
  body: JSON.stringify({ ...JSON.parse(answer.body), ...fields }),
});
const withHeader = (name: string, value: string | undefined): Answer => ({
  ...right,
  headers: { ...right.headers, [name]: value },
});

it('finds nothing wrong with an answer that is as the document says', () => {
  expect(check(right)).toEqual([]);
  expect(check(wrong)).toEqual([]);
});

it.each<[string, () => Answer, RegExp]>([
  ['a status that is not documented', () => ({ ...right, status: 202 }), /status 202 is not documented/],
  ['a field of another type', () => changed(right, { balance: 0 }), /\/balance must be string/],
  ['a field that is missing', () => changed(right, { balance: undefined }), /property 'balance'/],
  ['a field that is not documented', () => changed(right, { iban: 'x' }), /additional properties \(iban\)/],
  ['a header that is missing', () => withHeader('location', undefined), /header location is missing/],
  ['a header that is not documented', () => withHeader('x-powered-by', 'x'), /x-powered-by is not/],
  ['another type of content', () => withHeader('content-type', 'text/html'), /content type text\/html/],
  ['a code that is not documented', () => changed(wrong, { code: 'odd' }), /code odd is not documented/],
  ['a problem that tells another status', () => changed(wrong, { status: 404 }), /its status is 404/],
  ['an operation that is not documented', () => ({ ...right, url: '/api/v1/odd' }), /status 201/],
])('finds %s', (_what, planted, problem) => {
  expect(check(planted()).join()).toMatch(problem);
});

it('fails the test that gets such an answer from a bank of the tests', async () => {
  const app = createApp(createProblems(pino({ level: 'silent' })));
  app.addSchema(ProblemSchema);
  await documentRoutes(app, { needsToken: false });
  const described = answered('What should be there.', Type.Object({ id: Id('Of it.') }));
  const schema = { response: { 200: described } };
  app.get('/odd', { schema }, async (_request, reply) =>
    reply
      .type('application/json')
      .serializer(() => '{"di":1}')
      .send({ id: '' }),
  );
  const more = { id: '0'.repeat(32), more: 1 };
  app.get('/more', { schema }, async () => more);
  await app.ready();
  checkAnswers(app);
  await expect(app.inject('/odd')).rejects.toThrow(/GET \/odd was answered 200 .*required property 'id'/);
  // The serializer has left it out.
  await expect(app.inject('/more')).rejects.toThrow(/additional properties \(more\)/);
  await app.close();
});

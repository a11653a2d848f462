import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';

let bank: MemoryBank;
let port: number;
beforeAll(async () => {
  bank = await openMemoryBank();
  const address = await bank.app.listen({ host: '127.0.0.1', port: 0 });
  port = Number(new URL(address).port);
});
afterAll(() => bank.close());

/** Sends bytes as they are and gives all that comes back. */
async function send(...bytes: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  for (const part of bytes) socket.write(part);
  return text(socket);
}

function post(
  body: string,
  headers = 'Content-Type: application/json\r\n',
  path = '/api/v1/persons',
): string {
  return `POST ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

function problemIn(answer: string): { status: number; code: string } {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head.toLowerCase()).toContain('content-type: application/problem+json');
  const problem = JSON.parse(body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1));
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${problem.status} `));
  return problem;
}

const get = (path: string, headers = '') =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${headers}\r\n`;

it.each<[string, string, number, string]>([
  ['half a JSON object', post('{"first_name":'), 400, 'malformed'],
  ['JSON that is no object', post('"x"'), 400, 'malformed'],
  ['an empty body', post(''), 400, 'malformed'],
  ['bytes that are no JSON', post('\u0000\u0001'), 400, 'malformed'],
  ['__proto__', post('{"__proto__":{"x":1}}'), 400, 'malformed'],
  ['constructor.prototype', post('{"constructor":{"prototype":{"x":1}}}'), 400, 'malformed'],
  ['deeply nested arrays', post('['.repeat(30_000) + ']'.repeat(30_000)), 400, 'malformed'],
  ['a body that is too large', post(`{"a":"${'x'.repeat(70_000)}"}`), 413, 'too-large'],
  [
    'a form',
    post('a=b', 'Content-Type: application/x-www-form-urlencoded\r\n'),
    415,
    'unsupported-media-type',
  ],
  ['text', post('{}', 'Content-Type: text/plain\r\n'), 415, 'unsupported-media-type'],
  ['a body of no type', post('{}', ''), 415, 'unsupported-media-type'],
  ['an impossible % sign', get('/api/v1/persons/%zz'), 400, 'malformed'],
  ['a path that climbs', get('/api/v1/../../etc/passwd'), 404, 'route-not-found'],
  [
    'a page of the documentation that climbs',
    get('/api/docs/static/../../../package.json'),
    403,
    'malformed',
  ],
  ['an unknown path', get('/nothing'), 404, 'route-not-found'],
  ['a very long id', get(`/api/v1/persons/${'0'.repeat(1000)}`), 414, 'uri-too-long'],
  [
    'a wrong method',
    'DELETE /api/v1/persons HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    405,
    'method-not-allowed',
  ],
  [
    'a method that no path takes',
    'QUERY /api/v1/persons HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    405,
    'method-not-allowed',
  ],
  ['headers without end', get('/', `X: ${'x'.repeat(20_000)}\r\n`), 431, 'too-large'],
  ['no HTTP at all', 'hello\r\n\r\n', 400, 'malformed'],
  [
    'two lengths',
    `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
    400,
    'malformed',
  ],
])('answers %s as a problem document', async (_what, request, status, code) => {
  expect(problemIn(await send(request))).toMatchObject({ status, code });
});

it('says which methods a path takes', async () => {
  const answer = await bank.app.inject({ method: 'PUT', url: `/api/v1/accounts/${'0'.repeat(32)}` });
  expect(answer.statusCode).toBe(405);
  expect(answer.headers.allow).toBe('GET, HEAD');
});

it('goes on after all of that', async () => {
  const answer = await send(get('/health/live'));
  expect(answer).toMatch(/^HTTP\/1.1 200 /);
});

it('takes no correlation id that would forge lines of a log', async () => {
  const answer = await send(get(`/api/v1/persons/${'0'.repeat(32)}`, 'X-Correlation-Id: a b\r\n'));
  expect(problemIn(answer)).toMatchObject({ status: 400, code: 'malformed' });
});

it('refuses an expectation that it does not know, as a problem document', async () => {
  const answer = await send(post('{}', 'Expect: magic\r\nContent-Type: application/json\r\n'));
  expect(problemIn(answer)).toMatchObject({ status: 417, code: 'expectation-failed' });
});

it('refuses bytes that are no UTF-8, rather than record something else', async () => {
  const socket = connect(port, '127.0.0.1');
  const body = Buffer.concat([Buffer.from('{"first_name":"'), Buffer.from([0xff]), Buffer.from('"}')]);
  socket.write(
    `POST /api/v1/persons HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  socket.write(body);
  const answer = await text(socket);
  expect(problemIn(answer)).toMatchObject({
    status: 400,
    errors: [{ field: 'body', message: 'must be UTF-8' }],
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';

const TOKEN = 'a-token-of-some-length';
const NOBODY = `/api/v1/persons/${'0'.repeat(32)}`;
let bank: MemoryBank;

describe('with a token', () => {
  beforeAll(async () => {
    bank = await openMemoryBank({ token: TOKEN });
  });
  afterAll(() => bank.close());

  it.each([
    undefined,
    '',
    TOKEN,
    `Basic ${TOKEN}`,
    'Bearer',
    'Bearer ',
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN.slice(1)}`,
    `Bearer ${TOKEN} ${TOKEN}`,
  ])('refuses Authorization: %s', async (authorization) => {
    for (const url of [NOBODY, '/metrics']) {
      const answer = await bank.app.inject({
        url,
        headers: authorization === undefined ? {} : { authorization },
      });
      expect(answer.json()).toMatchObject({ status: 401, code: 'unauthenticated' });
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
      expect(answer.body).not.toContain(TOKEN);
    }
  });

  it('lets in who sends it, by whatever name they call the bank', async () => {
    const headers = { authorization: `Bearer ${TOKEN}`, host: 'bank.example' };
    expect((await bank.app.inject({ url: NOBODY, headers })).statusCode).toBe(404);
    expect((await bank.app.inject({ url: '/metrics', headers })).statusCode).toBe(200);
  });

  it('reads nothing of a request before it knows who sends it', async () => {
    const answer = await bank.app.inject({
      method: 'POST',
      url: '/api/v1/persons',
      payload: '{',
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.statusCode).toBe(401);
  });

  it('answers health and documentation to everybody', async () => {
    for (const url of ['/health/live', '/health/ready', '/api/openapi.json']) {
      expect((await bank.app.inject(url)).statusCode).toBe(200);
    }
  });
});

describe('without a token', () => {
  beforeAll(async () => {
    bank = await openMemoryBank();
  });
  afterAll(() => bank.close());

  it.each(['localhost:8899', '127.0.0.1:8899', '[::1]:8899', 'localhost'])('answers as %s', async (host) => {
    expect((await bank.app.inject({ url: NOBODY, headers: { host } })).statusCode).toBe(404);
  });

  it.each(['evil.example', 'evil.example:8899', '127.0.0.1.evil.example', '10.0.0.1:8899'])(
    'does not answer as %s, which a page in a browser may have chosen',
    async (host) => {
      for (const url of [NOBODY, '/metrics']) {
        const answer = await bank.app.inject({ url, headers: { host } });
        expect(answer.json()).toMatchObject({ status: 403, code: 'host-not-allowed' });
      }
    },
  );

  it('lets no page of another origin read or write', async () => {
    const preflight = await bank.app.inject({
      method: 'OPTIONS',
      url: '/api/v1/persons',
      headers: { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.statusCode).toBe(405);
    expect(preflight.headers['access-control-allow-origin']).toBeUndefined();
    const form = await bank.app.inject({
      method: 'POST',
      url: '/api/v1/persons',
      payload: '{}',
      headers: { 'content-type': 'text/plain' },
    });
    expect(form.statusCode).toBe(415);
  });
});

import {
  createMemoryEventStore,
  createMemoryKeyStore,
  createMemoryReadModelStore,
  createRepository,
  createVault,
} from '@openbank/eventsourcing';
import { expect, it } from 'vitest';
import { LOCAL_ACTOR } from './actor.ts';
import { createBank } from './bank.ts';
import { problemOf } from './http/problem-of.ts';
import { newResourceId } from './http/request-context.ts';
import { ALICE } from './testing/calls.ts';

async function register(actor: string | undefined) {
  const store = createMemoryEventStore();
  const vault = await createVault({ keys: createMemoryKeyStore(), masterKey: new Uint8Array(32) });
  const repository = createRepository({ store, vault });
  const bank = createBank({
    repository,
    log: store,
    vault,
    models: createMemoryReadModelStore(),
    observe: () => {},
  });
  const commandId = crypto.randomUUID();
  const request = { method: 'POST', path: '/persons', body: ALICE };
  const context = { commandId, correlationId: commandId, causationId: commandId, actor, request };
  const details = { ...ALICE, address: null };
  const type = 'RegisterPerson';
  const message = { type, personId: newResourceId(), details, today: '2026-01-01' } as const;
  const outcome = await bank.send(message, context).catch((error: unknown) => error);
  return { outcome, head: await store.head() };
}

it('does what somebody who is known asks for', async () => {
  const { outcome, head } = await register(LOCAL_ACTOR);
  expect(outcome).toMatchObject({ answer: { first_name: 'Alice' } });
  expect(head).toBeDefined();
});

it.each([undefined, ''])('refuses a message of nobody (%j), and records nothing', async (actor) => {
  const { outcome, head } = await register(actor);
  expect(outcome).toMatchObject({ code: 'unauthenticated' });
  expect(problemOf(outcome)).toMatchObject({ status: 401, code: 'unauthenticated' });
  expect(head).toBeUndefined();
});

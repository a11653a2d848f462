import { globSync, readFileSync } from 'node:fs';
import { IdempotencyKeyReused, OutcomeUnknown, PreconditionFailed } from '@openbank/eventsourcing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';
import { codesOf, documentOf, type OpenApiDocument, operationsOf } from '../testing/openapi/document.ts';

let bank: MemoryBank;
let document: OpenApiDocument;
beforeAll(async () => {
  bank = await openMemoryBank();
  document = documentOf(bank.app);
});
afterAll(() => bank.close());

/** The server makes the ids of what is made: these would be two equal UUIDs. */
const NEVER = ['person-already-registered', 'account-already-open'];

const REFUSALS = new URL('../../../bank/src/domain/refusal.ts', import.meta.url);

/** As they stand in the code: the rules' codes, and those that the HTTP interface makes itself. */
function codesInCode(): ReadonlySet<string> {
  const rules =
    /type RefusalCode =(?<codes>[^;]+);/.exec(readFileSync(REFUSALS, 'utf8'))?.groups?.codes ?? '';
  const sources = globSync('**/*.ts', { cwd: import.meta.dirname })
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => readFileSync(`${import.meta.dirname}/${file}`, 'utf8'));
  const made = sources.flatMap((text) => [
    ...text.matchAll(/(?:new ProblemError\(\s*(?:\d+|status),|unavailable\()\s*'([a-z-]+)'/g),
  ]);
  const byErrors = [new IdempotencyKeyReused(), new PreconditionFailed(0), new OutcomeUnknown(undefined)];
  return new Set(
    [...rules.matchAll(/'([a-z-]+)'/g), ...made]
      .map(([, code = '']) => code)
      .concat(byErrors.map(({ code }) => code)),
  );
}

function codesInDocument(): ReadonlySet<string> {
  const ofOperations = operationsOf(document).flatMap(({ responses }) =>
    Object.values(responses).flatMap(codesOf),
  );
  const withoutOperation = document.info.description?.matchAll(/\d{3} `([a-z-]+)`/g) ?? [];
  return new Set([...ofOperations, ...[...withoutOperation].map(([, code = '']) => code)]);
}

it('documents every code that the program can answer, and no other', () => {
  const inCode = [...codesInCode()].filter((code) => !NEVER.includes(code));
  expect(inCode.length).toBeGreaterThan(25);
  expect([...codesInDocument()].sort()).toEqual(inCode.sort());
});

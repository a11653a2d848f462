import { describe } from 'vitest';
import { followingSuite } from './projection-runner-suite/following.ts';
import { lostDocumentsSuite } from './projection-runner-suite/lost-documents.ts';
import { outagesSuite } from './projection-runner-suite/outages.ts';
import { partitionsSuite } from './projection-runner-suite/partitions.ts';
import { shareRunner } from './projection-runner-suite/runner-suite.ts';
import { sharedVersionsSuite } from './projection-runner-suite/shared-versions.ts';
import { sharesSuite } from './projection-runner-suite/shares.ts';
import { stoppingSuite } from './projection-runner-suite/stopping.ts';
import { takeOversSuite } from './projection-runner-suite/take-overs.ts';
import { totalsSuite } from './projection-runner-suite/totals.ts';
import { versionsSuite } from './projection-runner-suite/versions.ts';
import type { ReadModelStoreSource } from './read-model-store-contract.ts';

/** What the projection runner does on top of a store that passes the contract. */
export function projectionRunnerSuite(name: string, source: ReadModelStoreSource): void {
  describe(`projection runner: ${name}`, () => {
    const suite = shareRunner(source);
    describe('following the log', () => followingSuite(suite));
    describe('totals', () => totalsSuite(suite));
    describe('a document that is lost', () => lostDocumentsSuite(suite));
    describe('versions', () => versionsSuite(suite));
    describe('when an event cannot be projected', () => stoppingSuite(suite));
    outagesSuite(suite);
    describe('when another one takes over', () => takeOversSuite(suite));
  });
  const { openDivided } = source;
  if (openDivided === undefined) return;
  describe(`projection runner in three partitions: ${name}`, () => {
    const suite = shareRunner({ ...source, open: () => openDivided(3) });
    describe('following the log', () => followingSuite(suite));
    describe('totals', () => totalsSuite(suite));
    describe('versions', () => versionsSuite(suite));
    outagesSuite(suite);
    describe('when another one takes over', () => takeOversSuite(suite));
    describe('partitions', () => partitionsSuite(suite));
    describe('shares', () => sharesSuite(suite));
    describe('versions that several processes feed', () => sharedVersionsSuite(suite));
  });
}

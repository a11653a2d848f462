import { describe } from 'vitest';
import { batchContract } from './read-model-store-contract/batches.ts';
import { changeContract } from './read-model-store-contract/changes.ts';
import { findingContract } from './read-model-store-contract/finding.ts';
import { eachWithParcels, type ReadModelStoreSource } from './read-model-store-contract/parcels.ts';
import { partitionContract } from './read-model-store-contract/partitions.ts';
import { preparingContract } from './read-model-store-contract/preparing.ts';
import { rangeContract } from './read-model-store-contract/ranges.ts';
import { reopeningContract } from './read-model-store-contract/reopening.ts';
import { valueContract } from './read-model-store-contract/values.ts';
import { versionContract } from './read-model-store-contract/versions.ts';

export type { ReadModelStoreSource };

/** The definition of a `ReadModelStore`: every engine passes it. */
export function readModelStoreContract(name: string, source: ReadModelStoreSource): void {
  describe(`read-model store: ${name}`, () => {
    const parcels = eachWithParcels(source);
    describe('preparing', () => preparingContract(parcels));
    describe('applying a batch', () => batchContract(parcels));
    describe('documents', () => changeContract(parcels));
    describe('values', () => valueContract(parcels));
    describe('finding', () => findingContract(parcels));
    describe('a range', () => rangeContract(parcels));
    describe('versions', () => versionContract(parcels));
    const { reopen } = source;
    // Registered only where something outlives the store: a test that cannot fail is none, and none is skipped.
    if (reopen !== undefined) describe('opening again', () => reopeningContract(parcels, reopen));
  });
  const { openDivided } = source;
  if (openDivided === undefined) return;
  // The same of stores that are divided. Hooks are those of all that is around a test: it has a block of its own.
  describe(`read-model store in three partitions: ${name}`, () => {
    const parcels = eachWithParcels({ ...source, open: () => openDivided(3) });
    describe('partitions', () => partitionContract(parcels));
  });
}

import { describe, expect, it, vi } from 'vitest';
import type { Upcaster } from '../repository/upcasting.ts';
import { CRATES, type CrateEvent } from '../testing/crates.ts';
import { newEvent } from '../testing/event-factory.ts';
import { logEntry, projectedEvent } from './log-entry.ts';
import type { Projection } from './projection.ts';

/** Crates were weighed in kilograms, under another name. */
const UPCASTERS: readonly Upcaster[] = [
  {
    type: 'CratePutOnScale',
    schemaVersion: 1,
    upcast(data) {
      const { kilograms } = data as { readonly kilograms: number };
      return { type: 'CrateWeighed', schemaVersion: 1, data: { grams: String(kilograms * 1_000) } };
    },
  },
];

const GROWN: Projection = { ...CRATES, upcasters: UPCASTERS };
const NEWEST: CrateEvent = { type: 'CrateWeighed', data: { grams: '2000' } };

const entryOf = (type: string, data: unknown) =>
  logEntry({
    ...newEvent({ type, data: JSON.stringify(data) }),
    stream: 'crate-a',
    revision: 3,
    position: '0000000000000007',
  });

describe('an event on its way to projections', () => {
  it('comes in its newest form, whatever it was recorded as', () => {
    const projected = projectedEvent(entryOf('CratePutOnScale', { kilograms: 2 }), GROWN);
    expect(projected).toMatchObject({ event: NEWEST, aggregateId: 'a', stream: 'crate-a', revision: 3 });
  });

  it('is read once for all projections of the same forms', () => {
    const upcast = vi.fn(UPCASTERS[0]?.upcast);
    const counted = UPCASTERS.map((each) => ({ ...each, upcast }));
    const entry = entryOf('CratePutOnScale', { kilograms: 2 });
    const first = projectedEvent(entry, { ...GROWN, upcasters: counted });
    expect(projectedEvent(entry, { ...GROWN, name: 'others', upcasters: counted })).toBe(first);
    expect(upcast).toHaveBeenCalledOnce();
  });

  it('is never taken from a projection that reads other forms', () => {
    const entry = entryOf('CratePutOnScale', { kilograms: 2 });
    const unknown = expect.objectContaining({ code: 'unknown-event-type' });
    expect(projectedEvent(entry, GROWN).event).toEqual(NEWEST);
    expect(() => projectedEvent(entry, CRATES)).toThrow(unknown);
    expect(() => projectedEvent(entry, CRATES)).toThrow('crate-a@3 is a CratePutOnScale in version 1');
    expect(projectedEvent(entry, GROWN).event).toEqual(NEWEST);
  });
});

import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../event.ts';
import { newEvent } from '../testing/event-factory.ts';
import { decoderOf, type EventForms, type Upcaster } from './upcasting.ts';

/** Weights were grams as a number, then grams as text, then under a better name, where a unit was added. */
const UPCASTERS: readonly Upcaster[] = [
  {
    type: 'Weighed',
    schemaVersion: 1,
    upcast: (data) => ({
      type: 'Weighed',
      schemaVersion: 2,
      data: { grams: String((data as { grams: number }).grams) },
    }),
  },
  {
    type: 'Weighed',
    schemaVersion: 2,
    upcast: (data) => ({ type: 'CrateWeighed', schemaVersion: 1, data }),
  },
  {
    type: 'CrateWeighed',
    schemaVersion: 1,
    upcast: (data) => ({
      type: 'CrateWeighed',
      schemaVersion: 2,
      data: { weight: (data as { grams: string }).grams, unit: 'g' },
    }),
  },
];
const CRATE: EventForms = { eventTypes: ['CrateArrived', 'CrateWeighed'], upcasters: UPCASTERS };

function recorded(type: string, schemaVersion: number, data: unknown): RecordedEvent {
  const event = newEvent({ type, schemaVersion, data: JSON.stringify(data) });
  return { ...event, stream: 'crate-a', revision: 7, position: '0000000000000012' };
}

const read = (type: string, schemaVersion: number, data: unknown, forms = CRATE) =>
  decoderOf(forms).read(recorded(type, schemaVersion, data));

describe('an event that was recorded', () => {
  it('in its newest form is what it is', () => {
    expect(read('CrateWeighed', 2, { weight: '5', unit: 'g' })).toEqual({
      type: 'CrateWeighed',
      data: { weight: '5', unit: 'g' },
    });
    expect(read('CrateArrived', 1, {})).toEqual({ type: 'CrateArrived', data: {} });
  });

  it.each([
    ['three versions ago, under another name', 'Weighed', 1, { grams: 5 }],
    ['two versions ago', 'Weighed', 2, { grams: '5' }],
    ['one version ago', 'CrateWeighed', 1, { grams: '5' }],
  ])('%s comes in its newest form', (_, type, version, data) => {
    expect(read(type, version, data)).toEqual({ type: 'CrateWeighed', data: { weight: '5', unit: 'g' } });
  });

  it('keeps its personal data sealed for the same event through all versions', () => {
    const event = recorded('Weighed', 1, { grams: 5, personal: { subject: 'ann', cipher: 'c2VhbGVk' } });
    expect(decoderOf(CRATE).read(event)).toEqual({
      type: 'CrateWeighed',
      data: { weight: '5', unit: 'g' },
      personal: { subject: 'ann', cipher: 'c2VhbGVk', event: event.id },
    });
  });

  it.each([
    ['of an unknown type', 'CratePainted', 1, 'CratePainted in version 1'],
    ['by a newer program', 'CrateWeighed', 3, 'CrateWeighed in version 3'],
    ['in no version that ever was', 'Weighed', 4, 'Weighed in version 4'],
  ])('%s is an error that names type, version and event', (_, type, version, named) => {
    const refused = expect.objectContaining({ code: 'unknown-event-type' });
    expect(() => read(type, version, {})).toThrow(refused);
    expect(() => read(type, version, {})).toThrow(`crate-a@7 is a ${named}, which`);
  });

  it('is an error where its upcaster makes something that nobody reads', () => {
    const lost: Upcaster = {
      type: 'Weighed',
      schemaVersion: 1,
      upcast: (data) => ({ type: 'CrateWeighed', schemaVersion: 9, data }),
    };
    const forms = { eventTypes: ['CrateWeighed'], upcasters: [lost] };
    expect(() => read('Weighed', 1, {}, forms)).toThrow(
      'crate-a@7 is a Weighed in version 1, by its upcasters CrateWeighed in version 9, which',
    );
  });

  it('never makes upcasters go in circles', () => {
    const turn = (type: string, other: string): Upcaster => ({
      type,
      schemaVersion: 1,
      upcast: (data) => ({ type: other, schemaVersion: 1, data }),
    });
    const forms = { eventTypes: ['C'], upcasters: [turn('A', 'B'), turn('B', 'A')] };
    expect(() => read('A', 1, {}, forms)).toThrow('circles');
  });
});

it('what is recorded today has the version after the last that there is an upcaster for', () => {
  const { currentVersion } = decoderOf(CRATE);
  expect([currentVersion('CrateArrived'), currentVersion('CrateWeighed')]).toEqual([1, 2]);
});

it('two upcasters of one form are refused', () => {
  const forms = { eventTypes: ['Weighed'], upcasters: [...UPCASTERS, ...UPCASTERS] };
  expect(() => decoderOf(forms)).toThrow(TypeError);
});

it('whoever declares the same lists shares what was decoded', () => {
  expect(decoderOf({ ...CRATE })).toBe(decoderOf(CRATE));
  expect(decoderOf({ eventTypes: CRATE.eventTypes })).not.toBe(decoderOf(CRATE));
});

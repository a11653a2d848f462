import { EventSourcingError } from '../errors.ts';
import type { RecordedEvent } from '../event.ts';
import { decodeEvent, type SealedEvent } from './event-codec.ts';

/**
 * Makes of an event as it was once recorded what would be recorded of the same fact today, or one version nearer to it.
 * What is stored never changes: the domain sees the newest form only.
 */
export interface Upcaster {
  /** The type and the schema version that it takes. There is one upcaster for each old form. */
  readonly type: string;
  readonly schemaVersion: number;
  /** Pure. Personal data is sealed and goes along as it is, under the same subject. */
  upcast(data: unknown): EventForm;
}

/** An event's data, and what they are the data of. */
export interface EventForm {
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: unknown;
}

/** The events of some streams: their types by now, and how older forms become them. An aggregate and a projection are that. */
export interface EventForms {
  readonly eventTypes: readonly string[];
  readonly upcasters?: readonly Upcaster[] | undefined;
}

/** The domain's view of a recorded event, in its newest form. */
export type ReadEvent = (recorded: RecordedEvent) => SealedEvent;

/** What reads the events of some streams. */
export interface EventDecoder {
  /** @throws EventSourcingError `unknown-event-type` - names the type, the schema version, and the event */
  readonly read: ReadEvent;
  /** The schema version under which an event of this type is recorded today. */
  currentVersion(type: string): number;
}

/**
 * The decoder of an aggregate or a projection. Whoever declares the same lists has the same one.
 *
 * The newest schema version of a type is the one after the highest that there is an upcaster for, or 1.
 *
 * @throws TypeError - two upcasters take the same form
 */
export function decoderOf({ eventTypes, upcasters = NONE }: EventForms): EventDecoder {
  let ofTypes = decoders.get(eventTypes);
  if (ofTypes === undefined) {
    ofTypes = new WeakMap();
    decoders.set(eventTypes, ofTypes);
  }
  let decoder = ofTypes.get(upcasters);
  if (decoder === undefined) {
    decoder = createDecoder(eventTypes, upcasters);
    ofTypes.set(upcasters, decoder);
  }
  return decoder;
}

const NONE: readonly Upcaster[] = [];
const decoders = new WeakMap<readonly string[], WeakMap<readonly Upcaster[], EventDecoder>>();

function createDecoder(eventTypes: readonly string[], upcasters: readonly Upcaster[]): EventDecoder {
  const byForm = new Map(upcasters.map((upcaster) => [formName(upcaster), upcaster]));
  if (byForm.size < upcasters.length) throw new TypeError('Two upcasters take the same type and version.');
  const current = new Map(eventTypes.map((type) => [type, newestVersion(type, upcasters)]));

  function newestForm(form: EventForm, recorded: RecordedEvent): EventForm {
    let newer = form;
    // Each step takes one upcaster, so that more steps than there are upcasters go in circles.
    for (let steps = 0; steps <= upcasters.length; steps++) {
      if (current.get(newer.type) === newer.schemaVersion) return newer;
      const upcaster = byForm.get(formName(newer));
      if (upcaster === undefined) throw unknownForm(recorded, newer);
      newer = upcaster.upcast(newer.data);
    }
    throw new TypeError(`The upcasters of ${formName(recorded)} go in circles.`);
  }

  return {
    read(recorded) {
      if (current.get(recorded.type) === recorded.schemaVersion) return decodeEvent(recorded);
      if (!byForm.has(formName(recorded))) throw unknownForm(recorded, recorded);
      const { data, personal } = decodeEvent(recorded);
      const { type, schemaVersion } = recorded;
      const newest = newestForm({ type, schemaVersion, data }, recorded);
      const event = { type: newest.type, data: newest.data };
      return personal === undefined ? event : { ...event, personal };
    },
    currentVersion: (type) => current.get(type) ?? 1,
  };
}

function newestVersion(type: string, upcasters: readonly Upcaster[]): number {
  return 1 + Math.max(0, ...upcasters.filter((each) => each.type === type).map((each) => each.schemaVersion));
}

function formName({ type, schemaVersion }: Pick<EventForm, 'type' | 'schemaVersion'>): string {
  return `${type} in version ${schemaVersion}`;
}

function unknownForm(
  { stream, revision, ...recorded }: RecordedEvent,
  form: Pick<EventForm, 'type' | 'schemaVersion'>,
): EventSourcingError {
  const name = formName(recorded);
  const made = formName(form);
  const what = made === name ? name : `${name}, by its upcasters ${made}`;
  return new EventSourcingError(
    'unknown-event-type',
    `${stream}@${revision} is a ${what}, which this program does not know: run a version that does.`,
  );
}

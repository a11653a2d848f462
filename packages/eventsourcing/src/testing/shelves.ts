import type { DomainEvent } from '../event.ts';
import type { Aggregate, AggregateRef } from '../repository/aggregate.ts';
import type { AnswerEvent, Execution } from '../repository/command.ts';
import { stateCodec } from '../snapshots/state-codec.ts';

/** A little domain to test the repository with: boxes are put on shelves that hold ten thousand, and moved between them. */
export type ShelfEvent = DomainEvent<'BoxesPut', { readonly boxes: number }>;

export const SHELF_CAPACITY = 10_000;

export const SHELF_CODEC = stateCodec({
  version: 1,
  fields: { boxes: 'json' },
  encode: (boxes: number) => ({ boxes }),
  decode: ({ boxes }) => Number(boxes),
});

export const SHELF: Aggregate<number, ShelfEvent> = {
  type: 'Shelf',
  streamPrefix: 'shelf-',
  eventTypes: ['BoxesPut'],
  snapshots: SHELF_CODEC,
  initialState: 0,
  evolve: (boxes, event) => boxes + event.data.boxes,
};

export const shelf = (id: string): AggregateRef<number, ShelfEvent> => ({ aggregate: SHELF, id });

export class ShelfRefusal extends Error {}

const boxesPut = (boxes: number): ShelfEvent => ({ type: 'BoxesPut', data: { boxes } });

/** What a shelf's commands answer: how many boxes each of its events has moved, and where. */
export const moved = (events: readonly AnswerEvent[]) =>
  events.map(({ event, stream, revision }) => ({ ...(event.data as ShelfEvent['data']), stream, revision }));

type Moved = ReturnType<typeof moved>;

export function put(id: string, boxes: number): Execution<[AggregateRef<number, ShelfEvent>], Moved> {
  return {
    on: [shelf(id)],
    decide([held]) {
      if (held + boxes > SHELF_CAPACITY) throw new ShelfRefusal(`shelf ${id} is full`);
      if (held + boxes < 0) throw new ShelfRefusal(`shelf ${id} has only ${held}`);
      return [boxes === 0 ? [] : [boxesPut(boxes)]];
    },
    answer: moved,
  };
}

type Pair = [AggregateRef<number, ShelfEvent>, AggregateRef<number, ShelfEvent>];

export function move(from: string, to: string, boxes: number): Execution<Pair, Moved> {
  return {
    on: [shelf(from), shelf(to)],
    decide([held]) {
      if (held < boxes) throw new ShelfRefusal(`shelf ${from} has only ${held}`);
      return [[boxesPut(-boxes)], [boxesPut(boxes)]];
    },
    answer: moved,
  };
}

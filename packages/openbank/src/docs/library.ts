import type {
  Aggregate,
  AggregateRef,
  DomainEvent,
  ProjectedEvent,
  Projection,
} from '@openbank/eventsourcing';

// The domain of docs/kit.md: a library that lends its books. It knows the kit's types, and no engine.

export type BookEvent =
  | DomainEvent<'BookLent', { readonly to: string }>
  | DomainEvent<'BookReturned', Readonly<Record<string, never>>>;

export interface Book {
  /** Undefined while it is in the library. */
  readonly lentTo: string | undefined;
}

export const bookAggregate: Aggregate<Book, BookEvent> = {
  type: 'Book',
  streamPrefix: 'book-',
  eventTypes: ['BookLent', 'BookReturned'],
  initialState: { lentTo: undefined },
  evolve(_book, event) {
    switch (event.type) {
      case 'BookLent':
        return { lentTo: event.data.to };
      case 'BookReturned':
        return { lentTo: undefined };
      default:
        return event satisfies never;
    }
  },
};

export function book(id: string): AggregateRef<Book, BookEvent> {
  return { aggregate: bookAggregate, id };
}

class BookIsLent extends Error {
  readonly code = 'book-is-lent';
}

export function lend({ lentTo }: Book, to: string): readonly BookEvent[] {
  if (lentTo === to) return [];
  if (lentTo !== undefined) throw new BookIsLent('Somebody else has this book: wait until it is returned.');
  return [{ type: 'BookLent', data: { to } }];
}

export function giveBack({ lentTo }: Book): readonly BookEvent[] {
  return lentTo === undefined ? [] : [{ type: 'BookReturned', data: {} }];
}

/** Where each book is that was ever lent. */
export const loans: Projection = {
  name: 'loans',
  version: 1,
  fields: { lent_to: 'text' },
  indexes: [['lent_to']],
  streamPrefix: bookAggregate.streamPrefix,
  eventTypes: bookAggregate.eventTypes,
  creates: ['BookLent'],
  documentId: ({ aggregateId }) => aggregateId,
  evolve(_fields, { event }: ProjectedEvent<BookEvent>) {
    return { lent_to: event.type === 'BookLent' ? event.data.to : null };
  },
};

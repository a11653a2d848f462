import { describe, expect, expectTypeOf, test } from 'vitest';
import type { DomainEvent } from '../event.ts';
import type { Aggregate } from '../repository/aggregate.ts';
import { type Decided, given } from './given-when-then.ts';

type Lent = DomainEvent<'Lent', { readonly to: string; readonly fee: bigint }>;
type Returned = DomainEvent<'Returned', object>;
type BookEvent = Lent | Returned;

interface Book {
  readonly readers: readonly string[];
}

const book: Aggregate<Book, BookEvent> = {
  type: 'Book',
  streamPrefix: 'book-',
  eventTypes: ['Lent', 'Returned'],
  initialState: { readers: [] },
  evolve: (state, event) =>
    event.type === 'Lent'
      ? { readers: [...state.readers, event.data.to] }
      : { readers: state.readers.slice(0, -1) },
};

class AlreadyLent extends Error {
  readonly code = 'already-lent';
}

const lent = (to: string, fee = 1n): Lent => ({ type: 'Lent', data: { to, fee } });
const returned: Returned = { type: 'Returned', data: {} };

const lend =
  (to: string) =>
  (state: Book): readonly BookEvent[] => {
    if (state.readers.length > 0) throw new AlreadyLent('It is lent: wait for it.');
    return [lent(to)];
  };
const giveBack = (state: Book): readonly BookEvent[] => (state.readers.length > 0 ? [returned] : []);

describe('given, when, then', () => {
  test('decides on the initial state where nothing is given', () => {
    given(book)
      .when(lend('Ann'))
      .then([lent('Ann')]);
  });

  test('decides on the state that the given events make', () => {
    given(book, [lent('Ann')])
      .when(giveBack)
      .then([returned]);
    given(book, [lent('Ann'), returned])
      .when(lend('Bob'))
      .then([lent('Bob')]);
  });

  test('expects a refusal by its code', () => {
    given(book, [lent('Ann')])
      .when(lend('Bob'))
      .thenRefused('already-lent');
  });

  test('expects that nothing happens', () => {
    given(book).when(giveBack).thenNothing();
  });

  test('knows state and events by their types', () => {
    given(book).when((state) => {
      expectTypeOf(state).toEqualTypeOf<Book>();
      return [];
    });
    // @ts-expect-error no event of a book
    const burnt: Parameters<Decided<BookEvent>['then']>[0] = [{ type: 'Burnt', data: {} }];
    expect(() => given(book).when(giveBack).then(burnt)).toThrow();
  });
});

describe('what is not as expected fails', () => {
  test('with a comparison of the events, bigints included', () => {
    const decided = given(book).when(lend('Ann'));
    expect(() => decided.then([lent('Ann', 2n)])).toThrow(/\+\s+fee: 1n,?\n-\s+fee: 2n/);
  });

  test.each([
    ['too few events', []],
    ['too many events', [lent('Ann'), returned]],
    ['another order', [returned, lent('Ann')]],
  ])('with %s', (_, events) => {
    expect(() => given(book).when(lend('Ann')).then(events)).toThrow(/strictly deep-equal/);
  });

  test('where events were expected and the command was refused, naming the refusal', () => {
    const refused = given(book, [lent('Ann')]).when(lend('Bob'));
    for (const check of [() => refused.then([lent('Bob')]), refused.thenNothing]) {
      expect(check).toThrow(/refused.*already-lent.*wait for it/);
    }
  });

  test('where a refusal was expected and events came, naming them', () => {
    expect(() => given(book).when(lend('Ann')).thenRefused('already-lent')).toThrow(
      /refused.*already-lent.*Lent/s,
    );
  });

  test('where the refusal has another code', () => {
    const refused = given(book, [lent('Ann')]).when(lend('Bob'));
    expect(() => refused.thenRefused('book-lost')).toThrow(/book-lost.*already-lent/s);
  });

  test('where nothing was expected and events came', () => {
    expect(() => given(book).when(lend('Ann')).thenNothing()).toThrow(/Lent/);
  });
});

describe('a defect is not taken for a refusal', () => {
  test('an error without a code passes through as it is', () => {
    const defect = new TypeError('undefined is not a function');
    const failing = () =>
      given(book).when(() => {
        throw defect;
      });
    expect(failing).toThrow(defect);
  });

  test('a given or decided event that the aggregate does not declare is named', () => {
    const narrow = { ...book, eventTypes: ['Lent'] as const };
    expect(() => given(narrow, [lent('Ann'), returned])).toThrow(/Returned.*eventTypes/);
    expect(() => given(narrow, [lent('Ann')]).when(giveBack)).toThrow(/Returned.*eventTypes/);
  });

  test('a decided event that cannot be evolved is found', () => {
    const broken = {
      ...book,
      evolve: (): Book => {
        throw new Error('not evolved');
      },
    };
    expect(() => given(broken).when(lend('Ann'))).toThrow('not evolved');
  });

  test('a decision or fold that changes what it was given is found', () => {
    const shared: string[] = [];
    const { type, streamPrefix, eventTypes } = book;
    const sharing: Aggregate<{ readers: string[] }, BookEvent> = {
      type,
      streamPrefix,
      eventTypes,
      initialState: { readers: shared },
      evolve: (state) => {
        state.readers.push('grows on each load');
        return state;
      },
    };
    expect(() => given(sharing, [lent('Ann')])).toThrow(TypeError);
    const pushing = (state: { readers: string[] }) => {
      state.readers.push('x');
      return [];
    };
    expect(() => given(sharing).when(pushing)).toThrow(TypeError);
    expect(shared).toEqual([]);
  });
});

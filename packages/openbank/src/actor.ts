import type { Message } from '@openbank/eventsourcing';

/**
 * Who calls, for whoever got past the guard of the HTTP interface: there is one token or none, and nobody is told from
 * anybody else. A pseudonym, since it is recorded with every event.
 */
export const LOCAL_ACTOR = 'local';

/** Nobody knows who sends this message. */
export class Unauthenticated extends Error {
  override readonly name = 'Unauthenticated';
  readonly code = 'unauthenticated';
}

/** Whoever is known may do all: there are no roles yet. @throws Unauthenticated */
export function mayDo(message: Message, { actor }: { readonly actor: string | undefined }): void {
  if (actor === undefined || actor === '')
    throw new Unauthenticated(`${message.type} was sent by nobody who is known.`);
}

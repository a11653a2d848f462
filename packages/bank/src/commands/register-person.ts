import type {
  AnswerEvent,
  CommandContext,
  Executed,
  Handler,
  Repository,
  Vault,
} from '@openbank/eventsourcing';
import { type PersonAnswer, personAnswer } from '../answers/person.ts';
import { idIn, recorded } from '../answers/recorded.ts';
import {
  registerPerson as decideRegistration,
  isPersonRegistered,
  person,
  personAggregate,
  type Registration,
} from '../domain/person.ts';
import { detailsProblems } from '../domain/personal-details.ts';
import { malformed } from '../domain/refusal.ts';

/** Makes somebody known to the bank. `personId` is a new one, 32 hex digits. */
export interface RegisterPerson extends Registration {
  readonly type: 'RegisterPerson';
}

/** @throws Refusal `malformed` - with every field that is wrong in itself */
export function validateRegisterPerson({ details }: RegisterPerson): void {
  const problems = detailsProblems(details);
  if (problems.length > 0) throw malformed(...problems);
}

export function registerPerson(
  repository: Repository,
  vault: Vault,
): Handler<RegisterPerson, CommandContext, Executed<PersonAnswer>> {
  return (command, context) =>
    repository.execute(
      {
        on: [person(command.personId)],
        decide: ([state]) => [decideRegistration(state, command)],
        prepare: () => vault.createKey(command.personId),
        answer: registeredAnswer,
        resourceId: command.personId,
      },
      context,
    );
}

function registeredAnswer(events: readonly AnswerEvent[]): PersonAnswer {
  const { event, stream, recordedAt } = recorded(events, isPersonRegistered);
  if (!('plain' in event.personal))
    throw new Error('A registration is answered while its details are sealed.');
  const times = { createdAt: recordedAt, lastModified: recordedAt };
  return personAnswer(idIn(stream, personAggregate), event.personal.plain, times);
}

import {
  type AnswerEvent,
  type CommandContext,
  ERASED,
  EventSourcingError,
  type Executed,
  type Handler,
  type Personal,
  type Repository,
  type Sealed,
  type Vault,
} from '@openbank/eventsourcing';
import { type CorrectedPersonAnswer, correctedPersonAnswer } from '../answers/person.ts';
import { idIn, recorded } from '../answers/recorded.ts';
import {
  type Correction,
  correctPerson as corrected,
  isPersonCorrected,
  person,
  personAggregate,
} from '../domain/person.ts';
import { detailsProblems, type PersonalDetails, personalDetails } from '../domain/personal-details.ts';
import { malformed } from '../domain/refusal.ts';
import { refuseProblems } from './problems.ts';

/** Changes what is known of a person. */
export interface CorrectPerson extends Correction {
  readonly type: 'CorrectPerson';
}

/** @throws Refusal `malformed` - with every field that is wrong in itself; nothing is to be changed */
export function validateCorrectPerson({ changes }: CorrectPerson): void {
  if (Object.keys(changes).length === 0)
    throw malformed({ field: 'body', message: 'must name what changes' });
  refuseProblems(detailsProblems(changes));
}

export function correctPerson(
  repository: Repository,
  vault: Vault,
): Handler<CorrectPerson, CommandContext, Executed<CorrectedPersonAnswer>> {
  return async (command, context) => {
    const ref = person(command.personId);
    // With the key at hand, the details are opened while the command is decided: of corrections at once none is lost.
    if ((await repository.load(ref)).state.registered) await vault.loadKey(command.personId);
    return repository.execute(
      {
        on: [ref],
        decide: ([state]) => [corrected(state, command, (personal) => detailsIn(personal, vault))],
        answer: correctedAnswer,
        resourceId: command.personId,
      },
      context,
    );
  };
}

/** @throws EventSourcingError `key-destroyed` - the person was erased */
function detailsIn(personal: Personal | Sealed, vault: Vault): PersonalDetails {
  const plain = 'plain' in personal ? personal.plain : vault.openNow(personal);
  if (plain === ERASED) throw erased();
  return personalDetails(plain);
}

function correctedAnswer(events: readonly AnswerEvent[]): CorrectedPersonAnswer {
  const { event, stream, recordedAt } = recorded(events, isPersonCorrected);
  if (!('plain' in event.personal)) throw new Error('A correction is answered while its details are sealed.');
  if (event.personal.plain === ERASED) throw erased();
  return correctedPersonAnswer(idIn(stream, personAggregate), event.personal.plain, recordedAt);
}

function erased(): EventSourcingError {
  return new EventSourcingError('key-destroyed', 'The person was erased: nothing more is recorded about it.');
}

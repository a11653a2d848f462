import { type Address, getPersonDescription, getPersonsDescription } from '@openbank/bank';
import { Type } from 'typebox';
import type { App } from '../app.ts';
import { minPosition } from '../min-position.ts';
import type { HttpParts } from '../parts.ts';
import { changed, made, pageBody, showRevision } from '../replies.ts';
import { newResourceId, requestContext } from '../request-context.ts';
import { Id } from '../schemas/common.ts';
import { ReadHeaders, ReadQuery, WriteHeaders, WriteQuery } from '../schemas/headers.ts';
import { ListQuery, PageOut, pagingOf } from '../schemas/lists.ts';
import { type AddressBody, CorrectionIn, PersonIn } from '../schemas/persons.ts';
import { problems, READ_PROBLEMS, WRITE_PROBLEMS } from '../schemas/problem.ts';
import { answered, changed as changedResponse, created, found } from '../schemas/responses.ts';

export function personRoutes(app: App, { bank, reads }: HttpParts): void {
  app.post(
    '/persons',
    {
      schema: {
        operationId: 'registerPerson',
        tags: ['Persons'],
        summary: 'Register a person',
        description: 'Makes somebody known to the bank, who can then own accounts. The address is optional.',
        headers: WriteHeaders,
        querystring: WriteQuery,
        body: PersonIn,
        response: {
          201: created('The person.', Type.Ref('Person')),
          ...problems({ ...WRITE_PROBLEMS, 422: ['birth-date-in-future', 'idempotency-key-reused'] }),
        },
      },
    },
    async (request, reply) => {
      const { address, ...details } = request.body;
      const executed = await bank.send(
        {
          type: 'RegisterPerson',
          personId: newResourceId(),
          details: { ...details, address: addressOf(address) },
          today: today(),
        },
        requestContext(request),
      );
      return made(reply, '/persons', executed);
    },
  );

  app.patch(
    '/persons/:id',
    {
      schema: {
        operationId: 'correctPerson',
        tags: ['Persons'],
        summary: 'Correct a person',
        description:
          'Changes what is given and leaves the rest as it is. Every read of what is there now shows it; a read of the past shows what was known then.',
        headers: WriteHeaders,
        querystring: WriteQuery,
        params: Type.Object({ id: Id('Id of the person.') }),
        body: CorrectionIn,
        response: {
          200: changedResponse('The person as it is now.', Type.Ref('PersonCorrected')),
          ...problems({
            ...WRITE_PROBLEMS,
            404: ['person-not-found'],
            410: ['person-erased'],
            422: ['birth-date-in-future', 'idempotency-key-reused'],
          }),
        },
      },
    },
    async (request, reply) => {
      const { address, ...details } = request.body;
      const changes = { ...details, ...(address !== undefined && { address: addressOf(address) }) };
      const command = {
        type: 'CorrectPerson',
        personId: request.params.id,
        changes,
        today: today(),
      } as const;
      return changed(reply, await bank.send(command, requestContext(request)));
    },
  );

  app.get(
    '/persons',
    {
      schema: {
        operationId: 'getPersons',
        tags: ['Persons'],
        summary: 'List persons',
        description: 'All persons in the order of their registration.',
        headers: ReadHeaders,
        querystring: ListQuery({}),
        response: {
          200: answered('A page of the persons.', PageOut(Type.Ref('Person'))),
          ...problems(READ_PROBLEMS),
        },
      },
    },
    async (request) => {
      const query = { type: 'GetPersons', ...pagingOf(request.query) } as const;
      const ask = () => bank.send(query, requestContext(request));
      return pageBody(await reads.answer(getPersonsDescription, ask, minPosition(request)));
    },
  );

  app.get(
    '/persons/:id',
    {
      schema: {
        operationId: 'getPerson',
        tags: ['Persons'],
        summary: 'Get a person',
        description:
          'Answers from the read model, which follows the writes by some milliseconds: see `min_position`.',
        headers: ReadHeaders,
        querystring: ReadQuery,
        params: Type.Object({ id: Id('Id of the person.') }),
        response: {
          200: found('The person.', Type.Ref('Person')),
          ...problems({ ...READ_PROBLEMS, 404: ['person-not-found'] }),
        },
      },
    },
    async (request, reply) => {
      const query = { type: 'GetPerson', personId: request.params.id } as const;
      const ask = () => bank.send(query, requestContext(request));
      const person = await reads.find(getPersonDescription, query, ask, minPosition(request));
      return showRevision(reply, person);
    },
  );
}

function addressOf(address: AddressBody | null | undefined): Address | null {
  return address ? { ...address, state: address.state ?? null } : null;
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

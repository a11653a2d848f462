import { Type } from 'typebox';
import { Time } from './common.ts';

export const AccountEventOut = Type.Object(
  {
    position: Type.String({
      description: 'Where it is in the log of the bank.',
      examples: ['0000000000000042'],
    }),
    revision: Type.Integer({ description: "Where it is in its account's stream, from 0.", examples: [1] }),
    id: Type.String({ format: 'uuid', examples: ['0199f1c6-4b7d-7c3a-9f0e-2d5b8a6c4e10'] }),
    type: Type.String({ examples: ['BankAccountTransactionRecordedDomainEventV1'] }),
    schema_version: Type.Integer({ description: 'Which form its data has, from 1.', examples: [1] }),
    recorded_at: Time('When it was recorded.'),
    data: Type.Object(
      {},
      { additionalProperties: true, description: 'What has happened, as it was recorded.', examples: [{}] },
    ),
    personal: Type.Unknown({
      description:
        'Its personal part, opened; null where it has none, `erased` after the erasure of the owner.',
      examples: [{ description: 'Initial deposit' }],
    }),
    metadata: Type.Object(
      {},
      {
        additionalProperties: Type.String(),
        description: 'Who, by which command and in which commit.',
        examples: [{ actor: 'local', commit_size: '1' }],
      },
    ),
    link: Type.String({
      pattern: '^[0-9a-f]{64}$',
      description: 'SHA-256 over the event and the link before it: what was changed shows.',
      examples: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
    }),
  },
  { $id: 'AccountEvent' },
);

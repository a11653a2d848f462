import { Type } from 'typebox';

const NullablePosition = Type.Union([Type.String({ examples: ['0000000000000042'] }), Type.Null()]);

const ProjectionHealthOut = Type.Object({
  name: Type.String({ examples: ['accounts'] }),
  version: Type.Number({ examples: [1] }),
  status: Type.String({
    examples: ['running'],
    description:
      '`running`, `filling` (queries are not answered from it yet), `waiting` (its store takes nothing for now) or `stopped`.',
  }),
  live: Type.Boolean({ description: 'Whether queries are answered from this version.', examples: [true] }),
  position: NullablePosition,
  target: Type.Union([Type.String(), Type.Null()], {
    description: 'While it is being filled: the position where it takes over.',
    examples: [null],
  }),
  lag_ms: Type.Number({
    description: 'Age of the oldest event that it does not show yet, milliseconds.',
    examples: [0],
  }),
  reason: Type.Union([Type.String(), Type.Null()], {
    description: 'Why it has stopped or waits: a code, and the event. The log says more.',
    examples: [null],
  }),
});

/** A `HealthReport`, as it is answered. */
export const HealthOut = Type.Object({
  status: Type.String({ examples: ['ready'], description: '`ready` or `not-ready`.' }),
  store: Type.String({ examples: ['ok'], description: '`ok`, `read-only` or `unreachable`.' }),
  head: NullablePosition,
  projections: Type.Array(ProjectionHealthOut),
});

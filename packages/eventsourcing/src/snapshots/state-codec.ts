import { hash } from 'node:crypto';
import type { FieldType, JsonValue } from '../projections/read-model-store.ts';

/** How the state of an aggregate is kept as text, and made from it again. */
export interface StateCodec<State> {
  /** The number that its author gives, and the hash of its fields. A snapshot of another version is not read. */
  readonly version: string;
  encode(state: State): string;
  /** @throws Error - the text is not what `encode` gives */
  decode(text: string): State;
}

/** The fields of an encoded state, by name. What can be absent is `json`. */
export type StateFields<Types extends Readonly<Record<string, FieldType>>> = {
  readonly [Name in keyof Types]: {
    readonly text: string;
    readonly integer: bigint;
    readonly json: JsonValue;
  }[Types[Name]];
};

export interface StateDescription<State, Types extends Readonly<Record<string, FieldType>>> {
  /**
   * Raise it whenever the same history gives another state, or its state another text, than before: what was kept is
   * then left alone and made anew. Keep a golden history that fails when this was forgotten.
   */
  readonly version: number;
  /** Every field of the encoded state. A change of these is another version by itself. */
  readonly fields: Types;
  encode(state: State): StateFields<Types>;
  decode(fields: StateFields<Types>): NoInfer<State>;
}

/** The codec of an aggregate's `snapshots`. A state that follows from an event can be encoded. */
export function stateCodec<State, const Types extends Readonly<Record<string, FieldType>>>(
  description: StateDescription<State, Types>,
): StateCodec<State> {
  const { version, fields: types } = description;
  return {
    version: `${version}-${hash('sha256', JSON.stringify(Object.entries(types).sort()), 'hex').slice(0, 16)}`,
    encode: (state) => JSON.stringify(description.encode(state), withIntegers),
    decode(text) {
      const stored: unknown = JSON.parse(text);
      const fields: Record<string, unknown> = {};
      for (const name in types) fields[name] = decoded(name, types[name], Object(stored)[name]);
      if (Object.keys(Object(stored)).length !== Object.keys(types).length)
        throw new TypeError('there are other fields');
      return description.decode(fields as StateFields<Types>);
    },
  };
}

function withIntegers(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

function decoded(name: string, type: FieldType | undefined, value: unknown): unknown {
  if (value !== undefined && (type === 'json' || typeof value === 'string')) {
    return type === 'integer' ? BigInt(String(value)) : value;
  }
  throw new TypeError(`the field ${name} is not ${type}`);
}

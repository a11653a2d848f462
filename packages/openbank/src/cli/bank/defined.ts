/** Fields that may be undefined become fields that may be absent. */
type Defined<Fields> = {
  [Name in keyof Fields as undefined extends Fields[Name] ? never : Name]: Fields[Name];
} & {
  [Name in keyof Fields as undefined extends Fields[Name] ? Name : never]?: Exclude<Fields[Name], undefined>;
};

/** The fields of a request that have a value: flags that were not typed are not sent. */
export function defined<Fields extends object>(fields: Fields): Defined<Fields> {
  const given = { ...fields };
  dropUndefined(given);
  return given;
}

/** Takes from an object what it holds as undefined. */
function dropUndefined<Fields extends object>(fields: Fields): asserts fields is Fields & Defined<Fields> {
  for (const name of Object.keys(fields))
    if (Reflect.get(fields, name) === undefined) Reflect.deleteProperty(fields, name);
}

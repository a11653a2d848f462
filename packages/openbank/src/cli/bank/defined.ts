/** Fields that may be undefined become fields that may be absent. */
type Defined<Fields> = {
  [Name in keyof Fields as undefined extends Fields[Name] ? never : Name]: Fields[Name];
} & {
  [Name in keyof Fields as undefined extends Fields[Name] ? Name : never]?: Exclude<Fields[Name], undefined>;
};

/** The fields of a request that have a value: flags that were not typed are not sent. */
export function defined<Fields extends object>(fields: Fields): Defined<Fields> {
  return JSON.parse(JSON.stringify(fields));
}

import { Long, Timestamp } from 'bson';
import { badValue, notInTheDouble } from '../command-error.ts';
import { compareTexts, compareValues, equalValues } from '../values/compare.ts';
import { type Document, documentOf, isDocument, isTrue, numberOf } from '../values/document.ts';
import { keyString, typeTag } from '../values/key-string.ts';
import { isNumeric } from '../values/numbers.ts';

/** Judges one value: the one that a path leads to, or an element of it. */
export type ValueTest = (value: unknown) => boolean;

/** Tests of one value by operator. An array passes where it does itself or one of its elements does. */
export const VALUE_TESTS: Readonly<Record<string, (operand: unknown) => ValueTest>> = {
  $eq: equalTo,
  $gt: (operand) => comparison(operand, (order) => order > 0),
  $gte: (operand) => comparison(operand, (order) => order >= 0),
  $lt: (operand) => comparison(operand, (order) => order < 0),
  $lte: (operand) => comparison(operand, (order) => order <= 0),
  $in: oneOf,
  $mod: remainder,
  $type: ofType,
};

/** Null equals what is missing. */
export function equalTo(operand: unknown): ValueTest {
  if (operand === null || operand === undefined) return (value) => value === null || value === undefined;
  if (operand instanceof RegExp) return matching(operand);
  if (typeof operand === 'string' || typeof operand === 'boolean') return (value) => value === operand;
  return (value) => value !== undefined && equalValues(value, operand);
}

export function matching(pattern: RegExp): ValueTest {
  const fresh = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
  return (value) => typeof value === 'string' && fresh.test(value);
}

/** Compares within the operand's type. */
function comparison(operand: unknown, accepts: (order: number) => boolean): ValueTest {
  if (typeof operand === 'number' && !Number.isNaN(operand)) {
    return (value) => isNumeric(value) && !isNaNValue(value) && accepts(compareValues(value, operand));
  }
  const bound = keyString(operand);
  const bracket = typeTag(operand);
  return (value) => typeTag(value) === bracket && accepts(compareTexts(keyString(value), bound));
}

function isNaNValue(value: unknown): boolean {
  return typeof value === 'number' && Number.isNaN(value);
}

function oneOf(operand: unknown): ValueTest {
  if (!Array.isArray(operand)) throw badValue('$in needs an array');
  const patterns = operand.filter((element) => element instanceof RegExp).map(matching);
  const keys = new Set(operand.filter((element) => !(element instanceof RegExp)).map(keyString));
  return (value) => keys.has(keyString(value)) || patterns.some((pattern) => pattern(value));
}

function remainder(operand: unknown): ValueTest {
  if (!Array.isArray(operand) || operand.length !== 2) throw badValue('malformed mod, not enough elements');
  const [divisor, wanted] = operand.map(numberOf);
  if (divisor === undefined || wanted === undefined || divisor === 0) throw badValue('divisor cannot be 0');
  return (value) => isNumeric(value) && Math.trunc(Number(value)) % divisor === wanted;
}

/** Names and numbers of types, as `$type` takes them. */
const TYPES: readonly (readonly [name: string, number: number, is: ValueTest])[] = [
  ['double', 1, (value) => typeof value === 'number' && !isInt(value)],
  ['string', 2, (value) => typeof value === 'string'],
  ['object', 3, isDocument],
  ['array', 4, Array.isArray],
  ['objectId', 7, (value) => typeName(value) === 'ObjectId'],
  ['bool', 8, (value) => typeof value === 'boolean'],
  ['date', 9, (value) => value instanceof Date],
  ['null', 10, (value) => value === null],
  ['int', 16, isInt],
  ['timestamp', 17, (value) => value instanceof Timestamp],
  ['long', 18, (value) => typeof value === 'bigint' || value instanceof Long],
];

function isInt(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= 2 ** 31;
}

function typeName(value: unknown): unknown {
  return typeof value === 'object' && value !== null && '_bsontype' in value ? value._bsontype : undefined;
}

function ofType(operand: unknown): ValueTest {
  const tests = (Array.isArray(operand) ? operand : [operand]).map(typeTest);
  return (value) => tests.some((test) => test(value));
}

function typeTest(type: unknown): ValueTest {
  if (type === 'number') return isNumeric;
  const known = TYPES.find(([name, number]) => name === type || number === numberOf(type));
  if (known === undefined) throw notInTheDouble(`$type ${String(type)}`);
  return known[2];
}

/** `$regex` with its `$options`, from one document of operators. */
export function regexOf(operators: Document): RegExp {
  const { $regex, $options } = operators;
  const source = $regex instanceof RegExp ? $regex.source : String($regex);
  const flags = $options ?? ($regex instanceof RegExp ? $regex.flags : '');
  if (typeof flags !== 'string' || /[^imsu]/.test(flags)) throw notInTheDouble(`$options ${String(flags)}`);
  return new RegExp(source, flags);
}

/** `$size`, `$all`, `$exists`: they judge what a path leads to as a whole, not its elements. */
export const WHOLE_TESTS: Readonly<Record<string, (operand: unknown) => ValueTest>> = {
  $size: (operand) => (value) => Array.isArray(value) && value.length === numberOf(operand),
  $exists: (operand) => (value) => (value !== undefined) === isTrue(operand),
};

export function operatorsOf(value: unknown): Document {
  return documentOf(value, 'operators');
}

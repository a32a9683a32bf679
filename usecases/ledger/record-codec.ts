import * as v from 'valibot';
import { type Fields, isFields } from '../../domain/fields.ts';
import { SentinelError } from '../../domain/sentinel-error.ts';

/** A stored record that cannot be used; the message names it and says what to do. */
export class RecordError extends SentinelError {
  override name = 'RecordError';

  constructor(code: 'NewerRecord' | 'UnreadableRecord', message: string, cause?: unknown) {
    super(code, message, cause);
  }
}

/** Leads the stored fields of one schema version to the next; it meets every record that was ever written so. */
export type UpgradeStep = (fields: Fields) => Fields;

/** How records of one kind are stored. What cannot be read throws a RecordError that names the record. */
export type RecordCodec<T> = Readonly<{
  encode(record: T): string;
  decode(text: string, name: string): T;
  /** As plain JSON values, for what is stored within something else. */
  toStored(record: T): Fields;
  fromStored(stored: unknown, name: string): T;
  /** Reads a record that is stored within another one. */
  nested: v.GenericSchema<unknown, T>;
}>;

type Options<T> = Readonly<{
  /** What such a record is called in an error, as `the record of cylinder`. */
  what: string;
  schema: v.GenericSchema<unknown, T>;
  /** The step at index n leads version n to n + 1: there are as many as the newest version says. */
  steps: readonly UpgradeStep[];
  /** What is stored of a record, where it holds other records. */
  stored?: (record: T) => Fields;
}>;

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** The schema of a T, which the compiler holds to it both ways: it reads all that a T may be and nothing else. */
export const schemaOf =
  <T>() =>
  <S extends v.GenericSchema<unknown, T>>(
    schema: S & ([T] extends [DeepReadonly<v.InferOutput<S>>] ? unknown : never),
  ): v.GenericSchema<unknown, T> =>
    schema;

const parse = (text: string): unknown => JSON.parse(text);

/**
 * Makes the codec of a kind of record. A record is stored as JSON with its schema version as `v`; one without was
 * written before there were versions and has version 0. It is led through the steps to the newest version and parsed.
 *
 * To change what is stored: change the type and its schema, and append a step to `steps` that gives what was stored so
 * far the new form: a new field its value, such that nothing a person waits for is lost by it, or a renamed one its
 * name. A step that stands in a release is never changed. Give the records that the release wrote to the fixtures in
 * `test/fixture/records`, which every later version must read. Where names of a cylinder's record change, append a
 * dictionary to those that it is packed with (`aws/dynamodb/dictionary.ts`), so that it stays small.
 */
export const createRecordCodec = <T extends Fields>({
  what,
  schema,
  steps,
  stored = (record) => ({ ...record }),
}: Options<T>): RecordCodec<T> => {
  const unreadable = (name: string, fault: string, cause?: unknown): RecordError =>
    new RecordError('UnreadableRecord', `${what} ${name} cannot be understood${fault}`, cause);

  const fromStored = (value: unknown, name: string): T => {
    if (!isFields(value)) throw unreadable(name, ': it is no object');
    const { v: version = 0, ...fields } = value;
    if (typeof version !== 'number' || !Number.isInteger(version) || version < 0)
      throw unreadable(name, `: its version is ${JSON.stringify(version)}`);
    if (version > steps.length)
      throw new RecordError(
        'NewerRecord',
        `${what} ${name} was written by a newer program, as version ${version} where this one knows ${steps.length}: ` +
          'start that one again',
      );
    try {
      return v.parse(
        schema,
        steps.slice(version).reduce((before, step) => step(before), fields),
      );
    } catch (cause) {
      const path = cause instanceof v.ValiError ? v.getDotPath(cause.issues[0]) : null;
      throw unreadable(name, path === null ? '' : ` at ${path}`, cause);
    }
  };

  const toStored = (record: T): Fields => ({ v: steps.length, ...stored(record) });

  return {
    toStored,
    fromStored,
    encode: (record) => JSON.stringify(toStored(record)),
    decode: (text, name) => {
      let value: unknown;
      try {
        value = parse(text);
      } catch (cause) {
        throw unreadable(name, '', cause);
      }
      return fromStored(value, name);
    },
    nested: v.pipe(
      v.unknown(),
      v.rawTransform<unknown, T>(({ dataset, addIssue, NEVER }) => {
        try {
          return fromStored(dataset.value, 'in it');
        } catch (error) {
          addIssue({ message: error instanceof Error ? error.message : String(error) });
          return NEVER;
        }
      }),
    ),
  };
};

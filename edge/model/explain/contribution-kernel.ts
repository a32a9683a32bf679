import { SENSORS } from '../../../domain/message/sample.ts';
import { memoryOf } from '../predict/forest-kernel.ts';
import { section, signed, sized, text, unsigned } from '../predict/kernel-code.ts';
import { MEMBERS, RANKS } from './shapley.ts';

/** The sums of what all ends give each sensor, NaN where a case is not known yet; roots must be noted as followed. */
export type ContributionKernel = (row: Float32Array, missing: Uint8Array) => Float64Array;

type Counts = Readonly<Record<'nodes' | 'splits' | 'ends' | 'known', number>>;

// Bytes; what a node has followed begins at a place that the code knows.
const [ROW_AT, MISSING_AT, SIZES_AT, SUMS_AT, RANKS_AT, FOLLOWED_AT] = [0, 32, 64, 128, 4096, 8192];
const RECORD_BYTES = 16;

let compiled: WebAssembly.Module | null = null;

/** Room for a table, and what adds it up: in WebAssembly's memory where there is any, else in JavaScript's alone. */
export const contributionSpace = ({ nodes, splits, ends, known }: Counts) => {
  const splitsAt = FOLLOWED_AT + Math.ceil(nodes / 32) * 32;
  const endsAt = splitsAt + splits * RECORD_BYTES;
  const knownAt = Math.ceil((endsAt + ends * RECORD_BYTES) / 32) * 32;
  const memory = memoryOf(knownAt + 4 * known);
  const buffer = memory?.buffer ?? new ArrayBuffer(knownAt + 4 * known);
  return {
    followed: new Uint8Array(buffer, FOLLOWED_AT, nodes),
    splits: new Int32Array(buffer, splitsAt, 4 * splits),
    splitValues: new Float32Array(buffer, splitsAt, 4 * splits),
    ends: new Int32Array(buffer, endsAt, 4 * ends),
    known: new Float32Array(buffer, knownAt, known),
    kernel:
      memory === null ? null : kernelOn(memory, splitsAt, endsAt, endsAt + ends * RECORD_BYTES, knownAt),
  };
};

const kernelOn = (memory: WebAssembly.Memory, ...places: readonly number[]): ContributionKernel | null => {
  try {
    compiled ??= new WebAssembly.Module(code());
  } catch {
    // Vector instructions are missing on processors of before 2008.
    return null;
  }
  const { add } = new WebAssembly.Instance(compiled, { edge: { memory } }).exports;
  if (typeof add !== 'function') return null;
  const { buffer } = memory;
  new Uint8Array(buffer, RANKS_AT).set(RANKS);
  new Uint8Array(buffer, SIZES_AT).set(MEMBERS.map(({ length }) => length));
  const row = new Float32Array(buffer, ROW_AT, SENSORS.length);
  const missing = new Uint8Array(buffer, MISSING_AT, SENSORS.length);
  const sums = new Float64Array(buffer, SUMS_AT, SENSORS.length);
  return (values, without) => {
    row.set(values);
    missing.set(without);
    add(...places);
    return sums;
  };
};

const [I32, V128] = [0x7f, 0x7b];
const [BLOCK, LOOP, BRANCH, BR_IF, END, VOID] = [0x02, 0x03, 0x0c, 0x0d, 0x0b, 0x40];
const [GET, SET] = [0x20, 0x21];
const [I32_LOAD, F32_LOAD, LOAD8, STORE8, CONST] = [0x28, 0x2a, 0x2d, 0x3a, 0x41];
const [GE_U, F32_LT, ADD, SUB, AND, OR, XOR, SHL, SHR] = [
  0x4f, 0x5d, 0x6a, 0x6b, 0x71, 0x72, 0x73, 0x74, 0x76,
];
const [STORE, LOAD64, PROMOTE] = [
  [0xfd, 0x0b],
  [0xfd, 0x5d],
  [0xfd, 0x5f],
];
const F64X2_ADD = [0xfd, 0xf0, 0x01];

const [at, splitsEnd, endsEnd, known] = [0, 1, 2, 3];
const [set, goesLeft, next, others, rule, left] = [4, 5, 6, 7, 8, 9];
const sums = [10, 11, 12];
const SHIFT_MASK = 7;

/**
 * The module: `add(splits, ends, endOfEnds, known)`, byte addresses all of them. It follows the splits, then adds up the
 * cases of the ends in double precision. The binary format: https://webassembly.github.io/spec/core/binary/index.html
 */
const code = (): Uint8Array<ArrayBuffer> => {
  const body = [2, 6, I32, 3, V128, ...followSplits(), ...addEnds(), END];
  const sections = [
    section(1, [1, 0x60, 4, I32, I32, I32, I32, 0]),
    section(2, [1, ...text('edge'), ...text('memory'), 2, 0, 1]),
    section(3, [1, 0]),
    section(7, [1, ...text('add'), 0, 0]),
    section(10, [1, ...sized(body)]),
  ];
  return Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections.flat()]);
};

const get = (local: number) => [GET, local];
const number = (value: number) => [CONST, ...signed(value)];
const byteAt = (offset: number) => [LOAD8, 0, ...unsigned(offset)];
const wordAt = (offset: number) => [...get(at), I32_LOAD, 2, offset];

/** A loop over records of sixteen bytes from `at` to before `end`. */
const over = (end: number, body: readonly number[]): readonly number[] => [
  ...[BLOCK, VOID, LOOP, VOID],
  ...[...get(at), ...get(end), GE_U, BR_IF, 1],
  ...body,
  ...[...get(at), ...number(RECORD_BYTES), ADD, SET, at],
  ...[BRANCH, 0, END, END],
];

const followSplits = (): readonly number[] =>
  over(splitsEnd, [
    ...[...wordAt(0), ...byteAt(FOLLOWED_AT), SET, set],
    ...[...get(at), ...byteAt(8), SET, left],
    // All bits where the row goes left, none where it goes right.
    ...[
      ...number(0),
      ...get(left),
      ...number(2),
      SHL,
      F32_LOAD,
      2,
      ROW_AT,
      ...get(at),
      F32_LOAD,
      2,
      12,
      F32_LT,
    ],
    ...[...get(left), ...byteAt(MISSING_AT), ...get(at), ...byteAt(9), AND, OR, SUB, SET, goesLeft],
    ...[...get(at), ...byteAt(10), SET, others],
    ...[...wordAt(4), SET, next],
    ...[
      ...get(next),
      ...get(set),
      ...get(others),
      ...get(goesLeft),
      OR,
      AND,
      STORE8,
      0,
      ...unsigned(FOLLOWED_AT),
    ],
    ...[...get(next), ...get(set), ...get(others), ...get(goesLeft), CONST, 0x7f, XOR, OR, AND],
    ...[STORE8, 0, ...unsigned(FOLLOWED_AT + 1)],
  ]);

const addEnds = (): readonly number[] => [
  ...over(endsEnd, [
    ...[...wordAt(8), SET, rule],
    // The case: a rank, and behind all ranks those where only the right leaf follows a sensor split on before.
    ...[...get(rule), ...number(63), AND, ...number(6), SHL, ...wordAt(0), ...byteAt(FOLLOWED_AT), OR],
    ...byteAt(RANKS_AT),
    ...[
      ...wordAt(4),
      ...byteAt(FOLLOWED_AT),
      ...get(rule),
      ...number(6),
      SHR,
      ...number(SHIFT_MASK),
      AND,
      SHR,
    ],
    ...[...get(rule), ...number(9), SHR, AND],
    ...[...get(rule), ...number(63), AND, ...byteAt(SIZES_AT), SHL, ADD],
    ...[...number(5), SHL, ...wordAt(12), ...number(2), SHL, ADD, ...get(known), ADD, SET, next],
    ...sums.flatMap((sum, pair) => [
      ...[...get(sum), ...get(next), ...LOAD64, 3, 8 * pair, ...PROMOTE, ...F64X2_ADD, SET, sum],
    ]),
  ]),
  ...sums.flatMap((sum, pair) => [...number(0), ...get(sum), ...STORE, 4, ...unsigned(SUMS_AT + 16 * pair)]),
];

/** Where things lie in the kernel's memory, in bytes; thresholds, roots and groups follow. */
export const KERNEL_LAYOUT = {
  /** The row's sensors, single precision. */
  rowAt: 0,
  /** What is taken from the eight 16-bit lanes that hold the places in the lists of thresholds. */
  originAt: 32,
  /** For each of 256 outcomes of a group, four times the exit that they lead to. */
  exitsAt: 64,
  thresholdsAt: 320,
  /** A group: sixteen bytes that choose lanes, eight 16-bit numbers to be above, eight exits. */
  groupBytes: 64,
} as const;

/**
 * The WebAssembly module that walks a forest: `sum(start: f32, root: i32, end: i32, stride: i32) -> f32`, in the
 * imported memory `edge.memory`. The binary format: https://webassembly.github.io/spec/core/binary/index.html
 */
export const kernelCode = (): Uint8Array<ArrayBuffer> => {
  const sections = [
    section(1, [1, 0x60, 4, F32, I32, I32, I32, 1, F32]),
    section(2, [1, ...text('edge'), ...text('memory'), 2, 0, 1]),
    section(3, [1, 0]),
    section(7, [1, ...text('sum'), 0, 0]),
    section(10, [1, ...sized([2, SENSOR_COUNT + 4, I32, 1, V128, ...search(), ...walk(), END])]),
  ];
  return Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections.flat()]);
};

const SENSOR_COUNT = 6;
const [I32, F32, V128] = [0x7f, 0x7d, 0x7b];
const [BLOCK, LOOP, BRANCH, BR_IF, END, VOID, SELECT] = [0x02, 0x03, 0x0c, 0x0d, 0x0b, 0x40, 0x1b];
const [GET, SET, TEE] = [0x20, 0x21, 0x22];
const [I32_LOAD, F32_LOAD, I32_LOAD8_U, I32_CONST] = [0x28, 0x2a, 0x2d, 0x41];
const [LT_U, GE_U, ADD, SHR_U] = [0x49, 0x4f, 0x6a, 0x76];
const [F32_LE, F32_ADD, F32_REINTERPRET] = [0x5f, 0x92, 0xbe];
const [V128_LOAD, V128_CONST, SWIZZLE, REPLACE_LANE] = [
  [0xfd, 0x00],
  [0xfd, 0x0c],
  [0xfd, 0x0e],
  [0xfd, 0x1a],
];
const [I16X8_GT_S, I16X8_BITMASK, I16X8_SUB] = [
  [0xfd, 0x31],
  [0xfd, 0x84, 0x01],
  [0xfd, 0x91, 0x01],
];

const [start, root, end, stride] = [0, 1, 2, 3];
const firstPlace = 4;
const places = Array.from({ length: SENSOR_COUNT }, (_, sensor) => firstPlace + sensor);
const step = firstPlace + SENSOR_COUNT;
const at = step + 1;
const outcome = at + 1;
const row = outcome + 2;
const { rowAt, originAt, exitsAt, thresholdsAt } = KERNEL_LAYOUT;

const get = (local: number) => [GET, local];
const number = (value: number) => [I32_CONST, ...signed(value)];
const exitsOffset = 32;

/** Halving, for all sensors at a time and without a branch: how many of a sensor's thresholds its value is not below. */
const search = (): readonly number[] => [
  ...places
    .slice(1)
    .flatMap((place, before) => [...get(places[before] ?? 0), ...get(stride), ADD, SET, place]),
  ...[...get(stride), SET, step],
  ...[BLOCK, VOID, LOOP, VOID],
  ...[...get(step), ...number(1), SHR_U, TEE, step, ...number(4), LT_U, BR_IF, 1],
  ...places.flatMap((place, sensor) => [
    ...[...get(place), ...get(step), ...number(0)],
    ...[...get(place), ...get(step), ADD, F32_LOAD, 2, ...unsigned(thresholdsAt - 4)],
    ...[...number(0), F32_LOAD, 2, ...unsigned(rowAt + 4 * sensor), F32_LE],
    ...[SELECT, ADD, SET, place],
  ]),
  ...[BRANCH, 0, END, END],
  ...[...V128_CONST, ...Array<number>(16).fill(0)],
  ...places.flatMap((place, sensor) => [...get(place), ...number(2), SHR_U, ...REPLACE_LANE, sensor]),
  ...[...number(0), ...V128_LOAD, 4, ...unsigned(originAt), ...I16X8_SUB, SET, row],
];

/** Seven splits of three levels at a time; the eighth lane says whether what they lead to is a leaf's value. */
const walk = (): readonly number[] => [
  ...[BLOCK, VOID, LOOP, VOID],
  ...[...get(root), ...get(end), GE_U, BR_IF, 1],
  ...[...get(root), I32_LOAD, 2, 0, SET, at],
  ...[LOOP, VOID],
  ...[...get(row), ...get(at), ...V128_LOAD, 4, 0, ...SWIZZLE],
  ...[...get(at), ...V128_LOAD, 4, 16, ...I16X8_GT_S, ...I16X8_BITMASK],
  ...[TEE, outcome, I32_LOAD8_U, 0, ...unsigned(exitsAt)],
  ...[...get(at), ADD, I32_LOAD, 2, exitsOffset, SET, at],
  ...[...get(outcome), ...number(128), LT_U, BR_IF, 0],
  END,
  ...[...get(start), ...get(at), F32_REINTERPRET, F32_ADD, SET, start],
  ...[...get(root), ...number(4), ADD, SET, root],
  ...[BRANCH, 0, END, END],
  ...get(start),
];

/** A section of a module, by its number. */
export const section = (id: number, content: readonly number[]): readonly number[] => [id, ...sized(content)];

/** Bytes behind their count. */
export const sized = (content: readonly number[]): readonly number[] => [
  ...unsigned(content.length),
  ...content,
];

/** A name in a module. */
export const text = (value: string): readonly number[] => sized([...Buffer.from(value)]);

/** LEB128. */
export const unsigned = (value: number): readonly number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];

/** LEB128 of a number that is not negative: its sign bit has to be 0. */
export const signed = (value: number): readonly number[] =>
  value < 64 ? [value] : [(value & 127) | 128, ...signed(value >>> 7)];

/** How many trees are walked at a time. */
export const GROUP = 10;

/** Where things lie in the kernel's memory, in bytes, and how a node is packed. */
export const KERNEL_LAYOUT = {
  /** Eight numbers: the row's sensors, and at `endless` one that is below all others. */
  rowAt: 0,
  /** A leaf looks at this place of the row, which always leads to its left, itself. */
  endless: 7,
  /** Records of the roots of a group and the depth of the deepest; nodes follow. */
  groupsAt: 32,
  /** A node's first word: the place of its left child above, four times the place in the row below. */
  sensorBits: 5,
} as const;

/**
 * The WebAssembly module that walks a forest: `sum(start: f32, end: i32) -> f32`, in the imported memory `edge.memory`.
 * The binary format: https://webassembly.github.io/spec/core/binary/index.html
 */
export const kernelCode = (): Uint8Array<ArrayBuffer> => {
  const sections = [
    section(1, [1, 0x60, 2, F32, I32, 1, F32]),
    section(2, [1, ...text('edge'), ...text('memory'), 2, 0, 1]),
    section(3, [1, 0]),
    section(7, [1, ...text('sum'), 0, 0]),
    section(10, [1, ...sized([1, 3 + GROUP, I32, ...body(), END])]),
  ];
  return Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections.flat()]);
};

const [I32, F32] = [0x7f, 0x7d];
const [BLOCK, LOOP, BRANCH, BR_IF, END, VOID] = [0x02, 0x03, 0x0c, 0x0d, 0x0b, 0x40];
const [GET, SET, TEE] = [0x20, 0x21, 0x22];
const [I32_LOAD, F32_LOAD, I32_CONST] = [0x28, 0x2a, 0x41];
const [EQZ, LT_U, ADD, SUB, AND, SHL, SHR_U] = [0x45, 0x49, 0x6a, 0x6b, 0x71, 0x74, 0x76];
const [F32_GE, F32_ADD] = [0x60, 0x92];

const [start, end, record, left] = [0, 1, 2, 3];
/** The locals from here on hold where each tree of the group has come to. */
const firstTree = 4;
const trees = Array.from({ length: GROUP }, (_, member) => firstTree + member);
/** What a node says, while it is looked at. */
const word = firstTree + GROUP;
const { rowAt, groupsAt, sensorBits } = KERNEL_LAYOUT;
const NODE_SHIFT = 3;
const SLOT_MASK = 28;

const get = (local: number) => [GET, local];
const number = (value: number) => [I32_CONST, ...signed(value)];
const loadWord = (offset: number) => [I32_LOAD, 2, ...unsigned(offset)];
const loadNumber = (offset: number) => [F32_LOAD, 2, ...unsigned(offset)];
const addressOf = (tree: number) => [...get(tree), ...number(NODE_SHIFT), SHL];

const body = (): readonly number[] => [
  ...number(groupsAt),
  ...[SET, record],
  ...[BLOCK, VOID, LOOP, VOID],
  ...[...get(record), ...get(end), LT_U, EQZ, BR_IF, 1],
  ...trees.flatMap((tree, member) => [...get(record), ...loadWord(4 * member), SET, tree]),
  ...[...get(record), ...loadWord(4 * GROUP), SET, left],
  ...[BLOCK, VOID, LOOP, VOID],
  ...[...get(left), EQZ, BR_IF, 1],
  ...trees.flatMap(step),
  ...[...get(left), ...number(1), SUB, SET, left],
  ...[BRANCH, 0, END, END],
  ...trees.flatMap((tree) => [...get(start), ...addressOf(tree), ...loadNumber(4), F32_ADD, SET, start]),
  ...[...get(record), ...number(4 * (GROUP + 1)), ADD, SET, record],
  ...[BRANCH, 0, END, END],
  ...get(start),
];

/** One step down a tree: to the left child, or to the one next to it when the row's number is not below the split's. */
const step = (tree: number): readonly number[] => [
  ...[...addressOf(tree), ...loadWord(0), TEE, word, ...number(sensorBits), SHR_U],
  ...[...get(word), ...number(SLOT_MASK), AND, ...loadNumber(rowAt)],
  ...[...addressOf(tree), ...loadNumber(4), F32_GE],
  ...[ADD, SET, tree],
];

const section = (id: number, content: readonly number[]): readonly number[] => [id, ...sized(content)];

const sized = (content: readonly number[]): readonly number[] => [...unsigned(content.length), ...content];

const text = (value: string): readonly number[] => sized([...Buffer.from(value)]);

/** LEB128. */
const unsigned = (value: number): readonly number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];

/** LEB128 of a number that is not negative: its sign bit has to be 0. */
const signed = (value: number): readonly number[] =>
  value < 64 ? [value] : [(value & 127) | 128, ...signed(value >>> 7)];

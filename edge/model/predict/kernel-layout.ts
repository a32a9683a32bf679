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

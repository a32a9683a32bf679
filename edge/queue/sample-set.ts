import type { TakenSample } from '../message/encode-message.ts';

/** A set of samples by what names them: their origin and number. */
export type SampleSet = Readonly<{
  add(sample: TakenSample): void;
  has(sample: TakenSample): boolean;
  delete(sample: TakenSample): void;
  size(): number;
}>;

export const createSampleSet = (): SampleSet => {
  const numbers = new Map<number, Set<number>>();
  let size = 0;
  return {
    add({ originId, sample }) {
      const own = numbers.get(originId) ?? new Set();
      numbers.set(originId, own);
      if (own.has(sample.seq)) return;
      own.add(sample.seq);
      size += 1;
    },
    has: ({ originId, sample }) => numbers.get(originId)?.has(sample.seq) ?? false,
    delete({ originId, sample }) {
      const own = numbers.get(originId);
      if (own?.delete(sample.seq) !== true) return;
      size -= 1;
      if (own.size === 0) numbers.delete(originId);
    },
    size: () => size,
  };
};

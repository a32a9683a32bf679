import type { Notice } from '../../domain/notice/notice.ts';
import type { Notifier } from '../../usecases/ports/notifier.ts';

/** A notifier that keeps its port's contract in memory: what it told, in the order in which it was told. */
export const memoryNotifier = (): Notifier & Readonly<{ told: readonly Notice[] }> => {
  const told: Notice[] = [];
  return {
    told,
    tell(notice) {
      told.push(notice);
      return Promise.resolve();
    },
  };
};

import { isOlderRecord } from '../domain/twin/build-twin.ts';
import type { LedgerItem } from './ports/outbox.ts';
import type { Twins } from './ports/twins.ts';

/** What became of a batch; indices are those of the items given, `reported` counts twins. */
export type TwinOutcome = Readonly<{
  reported: number;
  /** Twins that could not be written now, each at the newest item of its cylinder: to be given again. */
  failed: readonly Readonly<{ index: number; cylinder: string; error: unknown }>[];
  /** Items that will never be understood. */
  malformed: readonly Readonly<{ index: number; detail: string }>[];
}>;

const AT_ONCE = 8;

type Numbered = Readonly<{ index: number; item: Extract<LedgerItem, { kind: 'twin' }> }>;

/** Of several reports of a cylinder only the one of the newest record says what is. */
const newestOfEach = (items: readonly Numbered[]): readonly Numbered[] => {
  const newest = new Map<string, Numbered>();
  for (const one of items) {
    const other = newest.get(one.item.cylinder);
    if (other === undefined || !isOlderRecord(one.item, other.item)) newest.set(one.item.cylinder, one);
  }
  return [...newest.values()];
};

/**
 * Writes the twins that a batch of the ledger's stream asks for, the newest of each cylinder, as far as its
 * items could be read. One that fails keeps no other from being written; never rejects for a single twin.
 */
export const reportTwins =
  ({ twins }: Readonly<{ twins: Twins }>) =>
  async (items: readonly LedgerItem[]): Promise<TwinOutcome> => {
    const due = newestOfEach(items.flatMap((item, index) => (item.kind === 'twin' ? [{ index, item }] : [])));
    const failed: TwinOutcome['failed'][number][] = [];
    const report = async ({ index, item }: Numbered): Promise<void> => {
      try {
        await twins.report(item.cylinder, item.twin, item.version, item.savedAt);
      } catch (error) {
        failed.push({ index, cylinder: item.cylinder, error });
      }
    };
    for (let start = 0; start < due.length; start += AT_ONCE) {
      await Promise.all(due.slice(start, start + AT_ONCE).map(report));
    }
    return {
      reported: due.length - failed.length,
      failed: failed.sort((a, b) => a.index - b.index),
      malformed: items.flatMap((item, index) =>
        item.kind === 'malformed' ? [{ index, detail: `${item.name} ${item.fault}` }] : [],
      ),
    };
  };

import { mergeCommon, type WireRecord, type WriteInput } from '../../aws/timestream/input.ts';

/** The records that a Timestream was given by table, the newest version of each. */
export type WrittenRecords = Readonly<{
  add(input: WriteInput): void;
  of(table: string): readonly WireRecord[];
}>;

const identity = ({ Time, MeasureName, Dimensions = [] }: WireRecord): string =>
  JSON.stringify([Time, MeasureName, Dimensions.map(({ Name, Value }) => `${Name}=${Value}`).sort()]);

export const writtenRecords = (): WrittenRecords => {
  const tables = new Map<string, Map<string, WireRecord>>();
  return {
    add({ TableName, CommonAttributes, Records }) {
      const table = tables.get(TableName) ?? new Map<string, WireRecord>();
      tables.set(TableName, table);
      for (const record of Records.map((one) => mergeCommon(CommonAttributes, one))) {
        const known = table.get(identity(record));
        if (known === undefined || (record.Version ?? 1) > (known.Version ?? 1)) {
          table.set(identity(record), record);
        }
      }
    },
    of: (table) => [...(tables.get(table)?.values() ?? [])],
  };
};

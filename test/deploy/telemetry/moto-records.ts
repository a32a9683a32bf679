import * as v from 'valibot';
import { type WireRecord, wireRecord } from '../../aws/timestream/input.ts';

const models = v.object({
  timestreamwrite: v.object({
    TimestreamTable: v.array(
      v.object({ db_name: v.string(), name: v.string(), records: v.array(wireRecord) }),
    ),
  }),
});

const identity = ({ Time, MeasureName, Dimensions = [] }: WireRecord): string =>
  `${Time} ${MeasureName} ${Dimensions.map(({ Name, Value }) => `${Name}=${Value}`)
    .sort()
    .join('&')}`;

/**
 * The records of a table as moto's server keeps them: every one that was ever written. Of those that Timestream would
 * know as one, it would keep the one of the highest version.
 */
export const readMotoTable = async (
  endpoint: string,
  database: string,
  table: string,
): Promise<readonly WireRecord[]> => {
  const answer = await fetch(`${endpoint}/moto-api/data.json`);
  const { timestreamwrite } = v.parse(models, await answer.json());
  const kept = new Map<string, WireRecord>();
  for (const { db_name, name, records } of timestreamwrite.TimestreamTable) {
    if (db_name !== database || name !== table) continue;
    for (const record of records) {
      const known = kept.get(identity(record));
      if (known === undefined || (record.Version ?? 1) > (known.Version ?? 1)) {
        kept.set(identity(record), record);
      }
    }
  }
  return [...kept.values()];
};

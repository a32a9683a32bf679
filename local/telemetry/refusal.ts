import type { StoredSample } from '../../usecases/ports/telemetry.ts';

/** The furthest from the epoch that a JavaScript date goes, in ms; DuckDB's TIMESTAMP holds it. */
const LATEST_MS = 8.64e15;

const isTime = (ms: number): boolean => Number.isInteger(ms) && Math.abs(ms) <= LATEST_MS;

/** Text that UTF-8 can carry: a lone surrogate would be stored as something else, and then be taken for another. */
const isText = (text: string | null): boolean => text === null || text.isWellFormed();

/** Why the table cannot hold a sample as it is, or null where it can. */
export const refusal = (sample: StoredSample): string | null => {
  if (!isTime(sample.t)) return `t ${sample.t} is not a time in whole ms`;
  if (!isTime(sample.receivedAt)) return `receivedAt ${sample.receivedAt} is not a time in whole ms`;
  if (sample.seq !== null && !Number.isSafeInteger(sample.seq))
    return `seq ${sample.seq} is not a whole number`;
  if (!isText(sample.cylinder) || !isText(sample.gateway)) return 'a name is not valid Unicode text';
  if (!isText(sample.boot) || !isText(sample.model)) return 'boot or model is not valid Unicode text';
  return null;
};

import type { StoredSample } from '../../usecases/ports/telemetry.ts';

/** The samples of one cylinder that are told apart by one number: by `seq` within a boot, or by `t` without one. */
export type Series = Readonly<{ key: string; cylinder: string; boot: string | null }>;

/** Whether (cylinder, boot, seq) names the sample; else (cylinder, t) does. */
export const isNumbered = (sample: StoredSample): boolean => sample.boot !== null && sample.seq !== null;

/** The number that names a sample within its series: `seq`, or `t` in ms. */
export const numberOf = (sample: StoredSample): number =>
  sample.boot !== null && sample.seq !== null ? sample.seq : sample.t;

/** Names a series; a cylinder's name holds no `/`. */
export const seriesKey = (cylinder: string, boot: string | null): string =>
  boot === null ? cylinder : `${cylinder}/${boot}`;

/** The boot of the series that a sample belongs to, null where it is told apart by `t`. */
export const bootOf = (sample: StoredSample): string | null => (sample.seq === null ? null : sample.boot);

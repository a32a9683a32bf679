import { eventTime, eventTimeFault } from './read-time.ts';
import type { Rejection, RejectionReason } from './rejection.ts';
import { type Sample, SENSORS } from './sample.ts';

/** What a message says once for all of its samples. */
export type Envelope = Readonly<{
  cylinder: string;
  gateway: string;
  boot: string | null;
  model: string | null;
  /** Whether it is of a replay, whose clock may begin at 0. */
  isReplay: boolean;
}>;

export type SampleReading = Readonly<{ sample: Sample }> | Readonly<{ rejection: Rejection }>;

// These checks are made for every sample: by a schema they would cost more than all the rest of reading it.
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

const isProbability = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value <= 1;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

const isWhy = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.length === SENSORS.length && value.every(isNumber);

const MAX_QUOTED = 60;

/** What was found instead, short enough to be read. */
const describe = (value: unknown): string => {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'string' ? JSON.stringify(value.slice(0, MAX_QUOTED)) : String(value);
};

/** Reads one sample at its place in the message (`index`), or says what is wrong with it. Unknown fields are ignored. */
export const readSample = (
  fields: Readonly<Record<string, unknown>>,
  { cylinder, gateway, boot, model, isReplay }: Envelope,
  index: number,
): SampleReading => {
  const t = eventTime(fields, isReplay);
  const reject = (reason: RejectionReason, detail: string): SampleReading => ({
    rejection: { reason, detail, index, cylinder, t },
  });
  const unlike = (reason: RejectionReason, field: string, expected: string): SampleReading =>
    reject(reason, `${field}: expected ${expected}, received ${describe(fields[field])}`);
  if (t === null) return reject('time', eventTimeFault(fields));

  const values: (number | null)[] = [];
  for (const sensor of SENSORS) {
    // A sensor that is absent or null did not answer.
    const value = fields[sensor] ?? null;
    if (value !== null && !isNumber(value)) return unlike('sensor', sensor, 'a finite number');
    values.push(value);
  }
  const { probability } = fields;
  if (!isProbability(probability)) return unlike('probability', 'probability', 'a number from 0 to 1');
  const seq = fields.seq ?? null;
  if (seq !== null && !isCount(seq)) return unlike('identity', 'seq', 'a whole number from 0');
  const why = fields.why ?? null;
  if (why !== null && !isWhy(why)) return unlike('why', 'why', 'six numbers');

  // A sequence counts within a boot: half a name names nothing, and the sample is known by its time then.
  const named = boot !== null && seq !== null;
  return {
    sample: {
      cylinder,
      gateway,
      t,
      boot: named ? boot : null,
      seq: named ? seq : null,
      model,
      values,
      probability,
      why,
    },
  };
};

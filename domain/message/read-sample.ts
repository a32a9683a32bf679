import type { Fields } from '../fields.ts';
import { eventTime, eventTimeFault } from './event-time.ts';
import type { Rejection, RejectionReason } from './rejection.ts';
import { type Challenge, type Sample, SENSORS, type SensorValues } from './sample.ts';
import { absentSensors, described, numberAdvice } from './sensor-faults.ts';

/** What a model says of six values, which model that was, and what one on trial says of them. */
export type ScoredValues = Readonly<{
  probability: number;
  why: readonly number[] | null;
  model: string;
  challenger?: Challenge;
}>;

export type ArrivalScorer = (values: SensorValues) => ScoredValues;

/** What holds for all samples of a message. */
export type Envelope = Readonly<{
  cylinder: string;
  gateway: string;
  boot: string | null;
  model: string | null;
  /** The model on trial, where there is one. */
  challenger?: string | undefined;
  /** Whether it is of a replay, whose clock may begin at 0 and whose samples need no sensors. */
  isReplay: boolean;
  /** Scores samples that nobody has scored. */
  scorer: ArrivalScorer | undefined;
}>;

export type SampleReading = Readonly<{ sample: Sample }> | Readonly<{ rejection: Rejection }>;

// These checks are made for every sample: by a schema they would cost more than all the rest of reading it.
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

const isProbability = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value <= 1;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

const isWhy = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.length === SENSORS.length && value.every(isNumber);

/** What serializers write that know no NaN. */
const NO_NUMBER = /^([-+]?inf(inity)?|nan)$/i;

/** What a model on trial says of a sample; what it says amiss is left out, for a sample is never refused for it. */
const challengeIn = (
  { challengerProbability: probability }: Fields,
  { challenger: model }: Envelope,
): Challenge | undefined =>
  model !== undefined && isProbability(probability) ? { model, probability } : undefined;

/** Reads one sample at its place in the message (`index`), or says what is wrong with it. Unknown fields are ignored. */
export const readSample = (fields: Fields, envelope: Envelope, index: number): SampleReading => {
  const { cylinder, gateway, boot, isReplay, scorer } = envelope;
  const t = eventTime(fields, isReplay);
  const reject = (reason: RejectionReason, detail: string): SampleReading => ({
    rejection: { reason, detail, index, cylinder, t },
  });
  const unlike = (reason: RejectionReason, field: string, expected: string): SampleReading =>
    reject(reason, `${field}: expected ${expected}, received ${described(fields[field])}`);
  if (t === null) return reject('time', eventTimeFault(fields));

  const values: (number | null)[] = [];
  let isAnyThere = isReplay;
  for (const sensor of SENSORS) {
    // A sensor that is absent or null did not answer.
    const given = fields[sensor];
    if (given !== undefined) isAnyThere = true;
    const value = typeof given === 'string' && NO_NUMBER.test(given) ? null : (given ?? null);
    if (value !== null && !isNumber(value)) {
      const advice =
        numberAdvice(value, sensor) ||
        (typeof value === 'string' ? '; a mapping reads numbers that are written as text' : '');
      const found = `${sensor}: expected a finite number, received ${described(value)}`;
      return reject('sensor', `${found}${advice}`);
    }
    values.push(value);
  }
  if (!isAnyThere) return reject('sensor', absentSensors(fields));
  let { probability, why = null } = fields;
  let { model } = envelope;
  let challenger = challengeIn(fields, envelope);
  if (scorer !== undefined && (probability ?? null) === null)
    ({ probability, why, model, challenger } = scorer(values));
  if (probability === undefined) return reject('probability', 'it has no probability: nobody has scored it');
  if (!isProbability(probability)) return unlike('probability', 'probability', 'a number from 0 to 1');
  const seq = fields.seq ?? null;
  if (seq !== null && !isCount(seq)) return unlike('identity', 'seq', 'a whole number from 0');
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
      ...(challenger === undefined ? {} : { challenger }),
    },
  };
};

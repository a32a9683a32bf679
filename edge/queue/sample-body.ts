import { SENSORS } from '../../domain/message/sample.ts';
import type { ScoredSample } from '../message/encode-message.ts';

/** What of a sample is kept in one piece. */
export type SampleBody = Pick<ScoredSample, 'values' | 'probability' | 'why'>;

const PROBABILITY_AT = SENSORS.length * 8;
const WHY_AT = PROBABILITY_AT + 4;
const LENGTH = WHY_AT + SENSORS.length * 4;

/** Writes six doubles (NaN for a sensor that did not answer), the probability and, where there are any, six contributions in single precision. */
export const encodeBody = ({ values, probability, why }: SampleBody): Uint8Array => {
  const body = new DataView(new ArrayBuffer(why === null ? WHY_AT : LENGTH));
  for (let index = 0; index < SENSORS.length; index++) {
    body.setFloat64(index * 8, values[index] ?? Number.NaN);
    if (why !== null) body.setFloat32(WHY_AT + index * 4, why[index] ?? 0);
  }
  body.setFloat32(PROBABILITY_AT, probability);
  return new Uint8Array(body.buffer);
};

/** Reads what `encodeBody` wrote. */
export const decodeBody = (bytes: Uint8Array): SampleBody => {
  const body = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values: (number | null)[] = [];
  const why: number[] = [];
  for (let index = 0; index < SENSORS.length; index++) {
    const value = body.getFloat64(index * 8);
    values.push(Number.isNaN(value) ? null : value);
    if (bytes.byteLength === LENGTH) why.push(body.getFloat32(WHY_AT + index * 4));
  }
  return { values, probability: body.getFloat32(PROBABILITY_AT), why: why.length === 0 ? null : why };
};

import * as v from 'valibot';
import { SENSORS } from '../../message/sample.ts';

const NO_TIME = 'must be a whole number of milliseconds, 0 or more';
const NO_RATIO = 'must be a number from 0 to 1';

const time = v.pipe(v.number(NO_TIME), v.safeInteger(NO_TIME), v.minValue(0, NO_TIME));
const ratio = v.pipe(v.number(NO_RATIO), v.minValue(0, NO_RATIO), v.maxValue(1, NO_RATIO));
const wholeNumber = (least: number) => {
  const message = `must be a whole number, ${least} or more`;
  return v.pipe(v.number(message), v.safeInteger(message), v.minValue(least, message));
};
const name = v.pipe(v.string('must be a name'), v.nonEmpty('must be a name'));

const level = v.strictObject({ severity: name, afterMs: time, clearHoldMs: time });
const idle = v.strictObject({
  sensor: v.picklist(SENSORS, `must be one of ${SENSORS.join(', ')}`),
  below: v.pipe(v.number('must be a number'), v.finite('must be a number')),
});

/** A policy as it is written: whatever is left out has its default. */
export const policyFields = v.strictObject({
  samplePeriodMs: v.optional(wholeNumber(1)),
  latenessMs: v.optional(time),
  windowMs: v.optional(time),
  threshold: v.optional(ratio),
  raiseRatio: v.optional(ratio),
  clearRatio: v.optional(ratio),
  minCoverage: v.optional(ratio),
  levels: v.optional(
    v.pipe(v.array(level, 'must be a list of levels'), v.nonEmpty('must name at least one level')),
  ),
  notifyFrom: v.optional(name),
  reopenWithinMs: v.optional(time),
  flapping: v.optional(
    v.strictObject({ reopenings: v.optional(wholeNumber(1)), withinMs: v.optional(time) }),
  ),
  remind: v.optional(v.record(name, time)),
  maxReminders: v.optional(wholeNumber(0)),
  staleAfterMs: v.optional(time),
  offlineAfterMs: v.optional(time),
  futureToleranceMs: v.optional(time),
  historicalAfterMs: v.optional(time),
  idle: v.optional(v.nullable(idle)),
  warmUpMs: v.optional(time),
  maxShelveMs: v.optional(time),
  maxMaintenanceMs: v.optional(time),
});

export type PolicyFields = v.InferOutput<typeof policyFields>;

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SENSORS } from '../../domain/message/sample.ts';
import type { Fault } from '../../edge/simulator/fault-schedule.ts';
import { createLine } from '../../edge/simulator/line.ts';
import { bytesOf, stump } from '../edge/model/stump.ts';

export const BEGIN_MS = Date.UTC(2026, 2, 9, 10);
export const MINUTE_MS = 60_000;
export const SECONDS = 40 * 60;

/** Full-grown within the second: from its first second on, every sample is abnormal to the model below. */
const fault = (cylinder: number, fromMinute: number, toMinute: number): Fault => ({
  cylinder,
  kind: 'stuck-encoder',
  beginMs: BEGIN_MS + fromMinute * MINUTE_MS - 1000,
  growMs: 1000,
  endMs: BEGIN_MS + toMinute * MINUTE_MS,
});

const line = createLine({
  cylinders: 2,
  seed: 3,
  startMs: BEGIN_MS,
  faults: [fault(0, 10, 25), fault(1, 5, 8)],
});

/** What the rows say: a quarter of an hour of cyl-01 is truly abnormal; three minutes of cyl-02 only look like it. */
const isTrulyAbnormal = (cylinder: string, t: number): boolean =>
  cylinder === 'cyl-01' && t >= BEGIN_MS + 10 * MINUTE_MS && t < BEGIN_MS + 25 * MINUTE_MS;

const rows = (isLabelled: boolean): readonly string[] =>
  Array.from({ length: SECONDS }, (_, second) => BEGIN_MS + second * 1000).flatMap((t) =>
    line.at(t).map(({ cylinder, values }) => {
      const label = isLabelled ? [isTrulyAbnormal(cylinder, t) ? 1 : 0] : [];
      return [new Date(t).toISOString(), cylinder, ...values, ...label].join(',');
    }),
  );

/** Writes forty minutes of two simulated cylinders; gives the file's path. */
export const writeRecording = (folder: string, name = 'line.csv', { isLabelled = true } = {}): string => {
  const path = join(folder, name);
  const header = ['ts', 'cylinder', ...SENSORS, ...(isLabelled ? ['anomaly'] : [])].join(',');
  writeFileSync(path, `${[header, ...rows(isLabelled)].join('\n')}\n`);
  return path;
};

/** Writes a model to which an encoder that stands still is abnormal; gives the file's path. */
export const writeModel = (folder: string): string => {
  const path = join(folder, 'stump.json');
  writeFileSync(path, bytesOf(stump({ feature: 5, split: 1, left: 2, right: -2 })));
  return path;
};

/** Writes a policy; gives the file's path. */
export const writePolicy = (folder: string, name: string, policy: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(policy));
  return path;
};

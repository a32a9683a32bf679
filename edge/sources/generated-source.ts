import { SENSORS, type Sensor } from '../../domain/message/sample.ts';
import { between } from '../simulator/healthy-cylinder.ts';
import { createLine, type Line } from '../simulator/line.ts';
import type { NamedSource, SourceSample } from './source.ts';

const RANGES: Readonly<Record<Sensor, readonly [low: number, high: number]>> = {
  rVibration_Temp: [20, 100],
  rVibration_Z_RMS_Velocity: [0, 10],
  rVibration_X_RMS_Velocity: [0, 10],
  wRMSCurrent: [0, 10],
  wCurrentLoad: [0, 100],
  wEncoderVelocity: [0, 3000],
};

/** Six independent uniform values for each of `cylinders` every second from `fromMs` on: no machine, only traffic, repeatable by `seed`. */
export function* randomSource(options: {
  cylinders: readonly string[];
  seed: number;
  fromMs: number;
}): Generator<readonly SourceSample[], never> {
  for (let t = options.fromMs; ; t += 1000) {
    yield options.cylinders.map((cylinder, index) => ({
      cylinder,
      t,
      values: SENSORS.map((sensor, column) => {
        const [low, high] = RANGES[sensor];
        const value = between(low, high, options.seed, index, column, Math.floor(t / 1000));
        return Math.round(value * 1000) / 1000;
      }),
      label: null,
    }));
  }
}

/** Every second of a simulated line from `fromMs` on, without end: one batch a second, a sample of each cylinder in it. */
export function* simulatedSource(line: Line, fromMs: number): Generator<readonly SourceSample[], never> {
  for (let t = fromMs; ; t += 1000) {
    yield line
      .at(t)
      .map(({ cylinder, values, label }) => ({ cylinder, t, values, label: label.fault !== null }));
  }
}

export type GeneratedSourceOptions = Readonly<{
  kind: 'simulated' | 'random';
  cylinders: number;
  seed: number;
}>;

/** A line that is made up, from the next whole second after `nowMs` (since the epoch) on. */
export const generatedSource = (
  { kind, cylinders, seed }: GeneratedSourceOptions,
  nowMs: number,
): NamedSource => {
  const fromMs = Math.ceil(nowMs / 1000) * 1000;
  const line = createLine({ cylinders, seed, startMs: fromMs });
  const source =
    kind === 'random' ? randomSource({ cylinders: line.names, seed, fromMs }) : simulatedSource(line, fromMs);
  return { name: kind, source };
};

import { SENSORS } from '../../../domain/message/sample.ts';

const START_MS = Date.UTC(2026, 0, 1);

/** A recording as text: so many seconds of one cylinder, all sensors with the same value. */
export const recordingText = (seconds: number): string =>
  [
    `ts,${SENSORS.join(',')}`,
    ...Array.from({ length: seconds }, (_, second) =>
      [new Date(START_MS + second * 1000).toISOString(), ...SENSORS.map(() => 1)].join(','),
    ),
    '',
  ].join('\n');

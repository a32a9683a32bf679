import { SENSORS, type Sensor } from '../../domain/message/sample.ts';

/** Names by which devices and historians call what a sensor measures; the first that fits is taken. */
const SENSOR_WORDS: Readonly<Record<Sensor, readonly RegExp[]>> = {
  rVibration_Temp: [/temp|°c|°f|grad/i],
  rVibration_Z_RMS_Velocity: [/z.*(vel|rms|vib|geschw)|(vel|rms|vib).*[_ -]?z\b/i],
  rVibration_X_RMS_Velocity: [/x.*(vel|rms|vib|geschw)|(vel|rms|vib).*[_ -]?x\b/i],
  wRMSCurrent: [/current(?!.*load)|strom|amp(ere)?s?\b|\bi_?rms\b/i],
  wCurrentLoad: [/load|last\b|auslastung|torque/i],
  wEncoderVelocity: [/rpm|encoder|drehzahl|speed|rotat/i],
};

/** Which of some names each sensor has; those that fit none are left out. */
export type SensorNames = Readonly<Partial<Record<Sensor, string>>>;

/** Tells which of some names is called like each sensor, each name for one at most. */
export const guessSensors = (names: readonly string[]): SensorNames => {
  const taken = new Set<string>();
  return Object.fromEntries(
    SENSORS.flatMap((sensor) => {
      const tests = [
        (name: string) => name.toLowerCase() === sensor.toLowerCase(),
        (name: string) => name.toLowerCase().includes(sensor.toLowerCase()),
        ...SENSOR_WORDS[sensor].map((word) => (name: string) => word.test(name)),
      ];
      const found = tests.map((isIt) => names.find((name) => !taken.has(name) && isIt(name)));
      const name = found.find((one) => one !== undefined);
      if (name === undefined) return [];
      taken.add(name);
      return [[sensor, name] as const];
    }),
  );
};

/** Cylinders that are told apart by a part of names, and the sensors' names with `{at}` in its place. */
export type DeviceNames = Readonly<{ ats: readonly string[]; sensors: SensorNames }>;

const AT = '{at}';
const FEWEST_SENSORS = 2;

const commonStart = (one: string, other: string): number => {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return at;
};

/** The part by which a name differs from another of the same sensor, up to the marks around it, or the least that differs. */
const differing = (name: string, other: string): readonly (readonly [from: number, to: number])[] => {
  const start = commonStart(name, other);
  const reversed = [name, other].map((one) => [...one].reverse().join(''));
  const end = Math.min(
    commonStart(reversed[0] ?? '', reversed[1] ?? ''),
    Math.min(name.length, other.length) - start,
  );
  const [least, most] = [start, name.length - end];
  let [from, to] = [least, most];
  while (from > 0 && /[\p{L}\d]/u.test(name[from - 1] ?? '')) from -= 1;
  while (to < name.length && /[\p{L}\d]/u.test(name[to] ?? '')) to += 1;
  return [
    [from, to],
    [least, most],
  ];
};

/** Names of several cylinders, such as `P1.Temp` and `P2.Temp`; null where they are of one. */
export const guessDevices = (names: readonly string[]): DeviceNames | null => {
  const first = guessSensors(names);
  for (const [sensor, name] of Object.entries(first)) {
    const others = names.filter(
      (other) => other !== name && SENSORS.some((one) => one === sensor && fits(one, other)),
    );
    for (const [from, to] of others.flatMap((other) => differing(name, other))) {
      const [before, behind] = [name.slice(0, from), name.slice(to)];
      const ats = names.flatMap((one) =>
        one.length > before.length + behind.length && one.startsWith(before) && one.endsWith(behind)
          ? [one.slice(before.length, one.length - behind.length)]
          : [],
      );
      const own = name.slice(from, to);
      const templates = names.flatMap((one) => (one.includes(own) ? [one.replace(own, AT)] : []));
      const shared = templates.filter((one) => ats.every((at) => names.includes(one.replace(AT, at))));
      const sensors = guessSensors(shared);
      if (ats.length > 1 && own !== '' && Object.keys(sensors).length >= FEWEST_SENSORS)
        return { ats, sensors };
    }
  }
  return null;
};

const fits = (sensor: Sensor, name: string): boolean =>
  name.toLowerCase().includes(sensor.toLowerCase()) || SENSOR_WORDS[sensor].some((word) => word.test(name));

import { SENSOR_UNITS, SENSORS } from '../../domain/message/sample.ts';
import type { Advice, Deviation, NoticeFacts } from '../../domain/notice/notice.ts';

import type { SensorNow } from './answers.ts';
import { sensorName, type Texts, useTexts } from './texts.ts';

type Reading = Readonly<{
  sensor: string;
  value: number | null;
  low: number | null;
  high: number | null;
  part: number | null;
}>;

const formatOf = (sensor: string) => {
  const known = SENSORS.find((name) => name === sensor);
  return known === undefined ? { unit: '', digits: 2 } : SENSOR_UNITS[known];
};

/** A value of a sensor with its unit. */
export const valueText = (sensor: string, value: number): string => {
  const { unit, digits } = formatOf(sensor);
  return `${value.toFixed(digits)} ${unit}`;
};

/** Where on a bar a value is, %; the usual range takes its middle third. */
const placeOnBar = (value: number, low: number, high: number): number => {
  const width = Math.max(high - low, Math.abs(high) / 50, 1e-6);
  return Math.min(98, Math.max(2, 100 / 3 + ((value - low) / width) * (100 / 3)));
};

const usualText = ({ sensor, low, high }: Reading, { page }: Texts): string => {
  if (low === null || high === null) return page.cylinder.usualUnknown;
  const { digits } = formatOf(sensor);
  return page.cylinder.usually(Math.max(0, low).toFixed(digits), high.toFixed(digits));
};

const sideOf = ({ value, low, high }: Reading): 'higher' | 'lower' | null => {
  if (value === null || low === null || high === null) return null;
  if (value > high) return 'higher';
  return value < low ? 'lower' : null;
};

/** A sensor against its usual range, in words and as a bar. */
const Against = ({ reading }: Readonly<{ reading: Reading }>) => {
  const texts = useTexts();
  const { sensor, value, low, high, part } = reading;
  const side = sideOf(reading);
  return (
    <li class={side === null ? 'sensor' : 'sensor is-off'}>
      <span class="sensor-name">{sensorName(sensor, texts)}</span>
      <b class="sensor-value">{value === null ? texts.page.cylinder.noValue : valueText(sensor, value)}</b>
      {value !== null && low !== null && high !== null && (
        <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
          <rect class="bar-all" y="3" width="100" height="4" />
          <rect class="bar-usual" x="33.3" y="1" width="33.4" height="8" />
          <rect class="bar-value" x={placeOnBar(value, low, high) - 1} width="2" height="10" />
        </svg>
      )}
      <span class="sensor-usual">
        {side !== null && <strong>{texts.page.cylinder[side]}</strong>} {usualText(reading, texts)}
        {part !== null && part >= 10 && ` · ${texts.page.cylinder.counts(part)}`}
      </span>
    </li>
  );
};

const Readings = ({ readings }: Readonly<{ readings: readonly Reading[] }>) => (
  <ul class="sensors">
    {readings.map((reading) => (
      <Against key={reading.sensor} reading={reading} />
    ))}
  </ul>
);

/** The sensors as they are, those beyond what is usual first; with what each adds to the model's reason. */
export const SensorReasons = ({ sensors }: Readonly<{ sensors: readonly SensorNow[] }>) => {
  const speaking = sensors.reduce((sum, { why }) => sum + Math.max(0, why ?? 0), 0);
  const isLoud = speaking > 1;
  const readings = sensors.map(({ why, ...sensor }) => ({
    ...sensor,
    part: why === null || !isLoud ? null : Math.round((Math.max(0, why) / speaking) * 100),
  }));
  const off = (reading: Reading): number => (sideOf(reading) === null ? 0 : 1);
  return (
    <Readings readings={readings.toSorted((a, b) => off(b) - off(a) || (b.part ?? 0) - (a.part ?? 0))} />
  );
};

/** What moved most as the incident was noticed. */
export const FactReasons = ({ facts }: Readonly<{ facts: NoticeFacts }>) => {
  const { notice, lasting } = useTexts();
  const window = facts.windowMs === 60_000 ? notice.minute : lasting(facts.windowMs);
  return (
    <>
      {facts.abnormalShare > 0 && (
        <p>{notice.share(Math.round(facts.abnormalShare * 100), window, facts.probability.toFixed(2))}</p>
      )}
      <Readings readings={facts.deviations.map((deviation: Deviation) => ({ ...deviation, part: null }))} />
    </>
  );
};

/** What to check, large enough to be read at arm's length. */
export const Check = ({ advice, other }: Readonly<{ advice: Advice | null; other?: string | null }>) => {
  const { page, notice } = useTexts();
  const words = other ?? (advice === null ? null : notice.advices[advice]);
  if (words === null) return null;
  return (
    <section class="check">
      <h2>{page.cylinder.check}</h2>
      <p>{words.charAt(0).toUpperCase() + words.slice(1)}</p>
    </section>
  );
};

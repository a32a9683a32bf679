import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import type { HistoryAnswer, SamplesAnswer, SensorNow } from './answers.ts';
import { useAnswer } from './ask.ts';
import { bandsOf, extremesOf, KEYS, type Key, rollupData, sampleData } from './chart-data.ts';
import type { Drawing, Drawn, Span } from './draw-chart.ts';
import { valueText } from './reasons.tsx';
import { settings, useStore } from './settings.ts';
import { sensorName, useTexts } from './texts.ts';

const HOUR_MS = 3_600_000;
const SPANS = { hour: HOUR_MS, shift: 8 * HOUR_MS, day: 24 * HOUR_MS, week: 8 * 24 * HOUR_MS } as const;
type SpanName = keyof typeof SPANS;
const NAMES: readonly SpanName[] = ['hour', 'shift', 'day', 'week'];

type ChartProps = Readonly<{
  name: string;
  sensor: Key;
  drawing: Drawing;
  onShown: (span: Span | null) => void;
}>;

const textOf = (sensor: Key, value: number): string =>
  sensor === 'probability' ? value.toFixed(2) : valueText(sensor, value);

/** One quantity over time; what it shows is said in words too. */
const Chart = ({ name, sensor, drawing, onShown }: ChartProps) => {
  const texts = useTexts();
  const { page, full } = texts;
  const place = useRef<HTMLDivElement>(null);
  const drawn = useRef<Drawn | null>(null);
  const latest = useRef(drawing);
  latest.current = drawing;
  const [point, setPoint] = useState<number | null>(null);
  const { data } = drawing;
  useEffect(() => {
    let isGone = false;
    // uPlot is most of the page's weight: it is loaded once something is drawn.
    import('./draw-chart.ts').then(({ drawChart }) => {
      if (isGone || place.current === null) return;
      drawn.current = drawChart(place.current, latest.current, { onShown, onPoint: setPoint });
    });
    return () => {
      isGone = true;
      drawn.current?.destroy();
      drawn.current = null;
    };
  }, [onShown]);
  useEffect(() => drawn.current?.show(drawing), [drawing]);
  const extremes = extremesOf(data);
  const at = point === null ? null : (data.times[point] ?? null);
  const last =
    (point === null ? null : data.means[point]) ?? data.means.findLast((mean) => mean !== null) ?? null;
  const lastText = last === null ? page.cylinder.noValue : textOf(sensor, last);
  return (
    <figure class="chart">
      <figcaption>
        {name} <b>{lastText}</b> {at !== null && <small>{full(at * 1000).slice(5)}</small>}
      </figcaption>
      <div
        ref={place}
        class="plot"
        role="img"
        aria-label={
          extremes === null
            ? `${name}: ${page.chart.empty}`
            : page.chart.summary(name, lastText, textOf(sensor, extremes[0]), textOf(sensor, extremes[1]))
        }
      />
    </figure>
  );
};

/** Samples are drawn together by these, so that a span has no more points than the screen has room for. */
const BINS_MS = [1000, 5000, 15_000];

const AROUND_MS = HOUR_MS / 2;
const MINUTE_MS = 60_000;

/** What may have changed is asked for anew: this much of the past, and what came late. */
const TAIL_MS = 2 * MINUTE_MS;
const LATE_MS = MINUTE_MS / 2;

/** Every sample of the last hour, of which only what is new is asked for; none where the path is null. */
const useSamples = (path: string | null): SamplesAnswer['samples'] => {
  const [kept, setKept] = useState<Readonly<{ samples: SamplesAnswer['samples']; from: number | null }>>({
    samples: [],
    from: null,
  });
  const { samples, from } = kept;
  const { value } = useAnswer<SamplesAnswer>(
    path === null ? null : `${path}/samples${from === null ? '' : `?from=${from}`}`,
    15_000,
  );
  const all = useMemo(() => [...samples, ...(value?.samples ?? [])], [samples, value]);
  useEffect(() => {
    const last = value?.samples.at(-1)?.t;
    if (last === undefined || last - (from ?? 0) < TAIL_MS) return;
    const next = last - LATE_MS;
    setKept({ from: next, samples: all.filter(({ t }) => t < next && t >= last - HOUR_MS) });
  }, [value]);
  return path === null ? NONE : all;
};
const NONE: SamplesAnswer['samples'] = [];

type Props = Readonly<{
  /** Where its history is asked for, and whether there are samples too. */
  path: string;
  hasSamples?: boolean;
  /** With what is usual; empty where that is not what was usual then. */
  sensors: readonly SensorNow[];
  now: number;
  /** The incident around which time is shown; null for the time until now. */
  around: IncidentRecord | null;
}>;

/** The probability and the six sensors over the same span of time, looked at closer together. */
export const Charts = ({ path, hasSamples = true, sensors, now, around }: Props) => {
  const texts = useTexts();
  const { page, timeZone } = texts;
  const { theme } = useStore(settings);
  const [name, setName] = useState<SpanName>('hour');
  const [zoom, setZoom] = useState<Span | null>(null);
  // It moves on by whole minutes, so that not every second draws seven charts.
  const minute = Math.ceil(now / MINUTE_MS) * MINUTE_MS;
  const [opened, setOpened] = useState(minute);
  const from = around === null ? opened - SPANS[name] : around.beganAt - AROUND_MS;
  const end = around?.clearedAt ?? null;
  const to = Math.min(minute, end === null ? minute : end + AROUND_MS);
  const isFullRate =
    hasSamples && to - from <= HOUR_MS + 2 * MINUTE_MS && minute - from <= HOUR_MS + 2 * MINUTE_MS;
  const history = useAnswer<HistoryAnswer>(
    `${path}/history?from=${from}${end === null ? '' : `&to=${to}`}`,
    30_000,
  );
  const samples = useSamples(isFullRate ? path : null);
  const rolled = history.value;
  const fine = samples.length > 0 ? samples : null;
  const shownMs = zoom === null ? HOUR_MS : zoom.to - zoom.from;
  const binMs = BINS_MS.find((ms) => shownMs / ms <= 300) ?? 15_000;
  const drawings = useMemo(() => {
    const first = fine?.[0]?.t ?? rolled?.rollups[0]?.t ?? from;
    // What was before the first sample is not worth the room.
    const start = Math.max(from, Math.min(first - MINUTE_MS, to - 10 * MINUTE_MS));
    const span = { from: start, to: Math.max(to, start + MINUTE_MS) };
    return KEYS.map((key) => {
      const known = sensors.find(({ sensor }) => sensor === key);
      const data =
        fine !== null ? sampleData(fine, key, binMs) : rolled !== null ? rollupData(rolled, key) : null;
      return {
        key,
        data: data ?? { times: [], means: [], lows: null, highs: null },
        bands: rolled === null ? [] : bandsOf(rolled.incidents, rolled.maintenance, now),
        usual: known?.low == null || known.high == null ? null : { low: known.low, high: known.high },
        limit: key === 'probability' ? (rolled?.threshold ?? null) : null,
        isShare: key === 'probability',
        span,
        timeZone,
        timeText: (ms: number, apartS: number) => {
          const text = texts.full(ms);
          if (apartS >= 86_400) return text.slice(5, 10);
          return apartS < 60 ? text.slice(11) : text.slice(11, 16);
        },
        theme,
      };
    });
    // The usual range moves a little with every sample: it is drawn anew with the data.
  }, [rolled, fine, from, to, texts, theme, binMs]);
  const isEmpty = rolled !== null && fine === null && rolled.rollups.length === 0;
  return (
    <div class="charts">
      {around === null && (
        <div class="kinds no-print">
          {NAMES.map((each) => (
            <button
              key={each}
              type="button"
              class="kind"
              aria-pressed={each === name}
              onClick={() => {
                setName(each);
                setZoom(null);
                setOpened(minute);
              }}
            >
              {page.chart[each]}
            </button>
          ))}
        </div>
      )}
      <p class="aside looking no-print">
        {zoom === null ? page.chart.hint : null}
        {zoom !== null && (
          <>
            <button type="button" onClick={() => setZoom(null)}>
              {page.chart.reset}
            </button>{' '}
            <span class="shown">
              {texts.full(zoom.from).slice(5)} – {texts.full(zoom.to).slice(11)}
            </span>
          </>
        )}
      </p>
      <p class="key" aria-hidden="true">
        <i class="key-incident" /> {page.chart.incident} <i class="key-maintenance" />{' '}
        {page.chart.maintenance}{' '}
        {sensors.length > 0 && (
          <>
            <i class="key-usual" /> {page.chart.usual}
          </>
        )}
      </p>
      {isEmpty ? <p class="empty">{page.chart.empty}</p> : null}
      {!isEmpty &&
        drawings.map((drawing) => (
          <Chart
            key={drawing.key}
            name={drawing.key === 'probability' ? page.chart.probability : sensorName(drawing.key, texts)}
            sensor={drawing.key}
            drawing={{ ...drawing, shown: zoom ?? drawing.span }}
            onShown={setZoom}
          />
        ))}
    </div>
  );
};

import uPlot from 'uplot';

/** A span of time, ms since the epoch. */
export type Span = Readonly<{ from: number; to: number }>;
export type Band = Span & Readonly<{ kind: 'incident' | 'maintenance' }>;

/** Points of one quantity; times in s, as uPlot has them. Without lows and highs, each mean is a single value. */
export type ChartData = {
  times: number[];
  means: (number | null)[];
  lows: (number | null)[] | null;
  highs: (number | null)[] | null;
};

/** All that a chart shows. */
export type Drawing = Readonly<{
  data: ChartData;
  bands: readonly Band[];
  usual: Readonly<{ low: number; high: number }> | null;
  limit: number | null;
  /** The scale of a share is fixed. */
  isShare: boolean;
  /** All there is, and the part of it that is looked at. */
  span: Span;
  shown: Span;
  /** A time as the axis shows it, by how far its marks are apart, s. */
  timeText: (ms: number, apartS: number) => string;
  timeZone: string;
}>;

export type Drawn = Readonly<{ show(drawing: Drawing): void; destroy(): void }>;

type Listener = Readonly<{
  /** Another part is to be looked at; null for all. */
  onShown(span: Span | null): void;
  /** The point under the cursor, by its place among the data; null where there is none. */
  onPoint(index: number | null): void;
}>;

const HEIGHT_PX = 132;
const LEAST_SPAN_MS = 30_000;
/** The page is of other colours on paper. */
const PRINTING = ['beforeprint', 'afterprint'] as const;

const probe = document.createElement('i');
probe.hidden = true;

/** A colour of the style sheet as the theme has it now: a property by itself is not worked out. */
const colour = (name: string): string => {
  if (!probe.isConnected) document.body.append(probe);
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
};

const within = ({ from, to }: Span, all: Span): Span => {
  const length = Math.min(Math.max(to - from, LEAST_SPAN_MS), all.to - all.from);
  const start = Math.min(Math.max(from, all.from), all.to - length);
  return { from: start, to: start + length };
};

/** What lies behind the line: incidents, maintenance, what is usual, the limit. */
const drawBehind = (chart: uPlot, { bands, usual, limit }: Drawing): void => {
  const { ctx, bbox } = chart;
  const x = (ms: number): number =>
    Math.min(bbox.left + bbox.width, Math.max(bbox.left, chart.valToPos(ms / 1000, 'x', true)));
  const y = (value: number): number =>
    Math.min(bbox.top + bbox.height, Math.max(bbox.top, chart.valToPos(value, 'y', true)));
  ctx.save();
  if (usual !== null) {
    ctx.fillStyle = colour('--chart-usual');
    ctx.fillRect(bbox.left, y(usual.high), bbox.width, Math.max(1, y(usual.low) - y(usual.high)));
  }
  for (const { kind, from, to } of bands) {
    const [left, right] = [x(from), x(to)];
    if (right - left < 1) continue;
    ctx.fillStyle = colour(kind === 'incident' ? '--chart-incident' : '--chart-maintenance');
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
    ctx.fillStyle = colour(kind === 'incident' ? '--alarm' : '--quiet');
    // Told apart without colour: an incident has a bar above, maintenance one below.
    const bar = 4 * devicePixelRatio;
    ctx.fillRect(left, kind === 'incident' ? bbox.top : bbox.top + bbox.height - bar, right - left, bar);
  }
  if (limit !== null) {
    ctx.strokeStyle = colour('--quiet');
    ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y(limit));
    ctx.lineTo(bbox.left + bbox.width, y(limit));
    ctx.stroke();
  }
  ctx.restore();
};

/** One finger moves along time, two look closer; up and down the page scrolls. */
const followFingers = (chart: uPlot, shown: () => Span, look: (span: Span) => void): void => {
  const { over } = chart;
  const fingers = new Map<number, number>();
  let grip: Readonly<{ span: Span; places: readonly number[] }> | null = null;
  const placeOf = (event: PointerEvent): number => event.clientX - over.getBoundingClientRect().left;
  const takeHold = (): void => {
    grip = fingers.size === 0 ? null : { span: shown(), places: [...fingers.values()] };
  };
  over.addEventListener('pointerdown', (event) => {
    if (event.pointerType === 'mouse') return;
    fingers.set(event.pointerId, placeOf(event));
    takeHold();
  });
  over.addEventListener('pointermove', (event) => {
    if (grip === null || !fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, placeOf(event));
    const width = over.clientWidth;
    const { from, to } = grip.span;
    const [heldOne = 0, heldTwo] = grip.places;
    const [one = 0, two] = fingers.values();
    const perPx = (to - from) / width;
    if (heldTwo === undefined || two === undefined) {
      const shift = (heldOne - one) * perPx;
      look({ from: from + shift, to: to + shift });
    } else if (Math.abs(two - one) > 10) {
      const scale = ((heldTwo - heldOne) * perPx) / (two - one);
      const start = from + heldOne * perPx - one * scale;
      if (scale > 0) look({ from: start, to: start + width * scale });
    }
  });
  const release = (event: PointerEvent): void => {
    fingers.delete(event.pointerId);
    takeHold();
  };
  for (const name of ['pointerup', 'pointercancel', 'pointerleave'] as const)
    over.addEventListener(name, release);
};

const dataOf = ({ data: { times, means, lows, highs } }: Drawing): uPlot.AlignedData => [
  times,
  means,
  lows ?? means,
  highs ?? means,
];

/** Draws a chart into a place, as wide as that is. */
export const drawChart = (place: HTMLElement, first: Drawing, { onShown, onPoint }: Listener): Drawn => {
  let drawing = first;
  const look = (span: Span): void => {
    const shown = within(span, drawing.span);
    onShown(shown.to - shown.from < drawing.span.to - drawing.span.from ? shown : null);
  };
  const axis = {
    stroke: () => colour('--quiet'),
    grid: { stroke: () => colour('--line'), width: 1 },
    ticks: { show: false },
    font: '13px system-ui, sans-serif',
  };
  const edge = { stroke: 'transparent', width: 0, points: { show: false } };
  const chart = new uPlot(
    {
      width: Math.max(200, place.clientWidth),
      height: HEIGHT_PX,
      legend: { show: false },
      tzDate: (s) => uPlot.tzDate(new Date(s * 1000), drawing.timeZone),
      cursor: {
        drag: { x: true, y: false, setScale: false },
        sync: { key: 'desk' },
        points: { size: 8 },
      },
      scales: {
        x: { time: true, range: () => [drawing.shown.from / 1000, drawing.shown.to / 1000] },
        y: {
          range: (_, min, max) => {
            if (drawing.isShare) return [0, 1];
            const low = Math.min(min ?? 0, drawing.usual?.low ?? Number.POSITIVE_INFINITY);
            const high = Math.max(max ?? 1, drawing.usual?.high ?? Number.NEGATIVE_INFINITY);
            const room = Math.max((high - low) * 0.1, Math.abs(high) * 0.02, 1e-3);
            return [Math.max(low < 0 ? low - room : 0, low - room), high + room];
          },
        },
      },
      axes: [
        {
          ...axis,
          size: 28,
          values: (_, splits, __, ___, apart) => splits.map((s) => drawing.timeText(s * 1000, apart)),
        },
        { ...axis, size: 48, space: 34 },
      ],
      series: [{}, { stroke: () => colour('--chart-line'), width: 2, points: { show: false } }, edge, edge],
      bands: [{ series: [3, 2], fill: () => colour('--chart-range') }],
      hooks: {
        drawClear: [(drawn) => drawBehind(drawn, drawing)],
        setSelect: [
          (drawn) => {
            const { left, width } = drawn.select;
            if (width < 8) return;
            look({ from: drawn.posToVal(left, 'x') * 1000, to: drawn.posToVal(left + width, 'x') * 1000 });
            drawn.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          },
        ],
        setCursor: [(drawn) => onPoint(drawn.cursor.idx ?? null)],
      },
    },
    dataOf(first),
    place,
  );
  chart.over.addEventListener('dblclick', () => onShown(null));
  followFingers(chart, () => drawing.shown, look);
  const resized = new ResizeObserver(() =>
    chart.setSize({ width: Math.max(200, place.clientWidth), height: HEIGHT_PX }),
  );
  resized.observe(place);
  const redraw = (): void => chart.redraw();
  for (const name of PRINTING) addEventListener(name, redraw);
  return {
    show: (next) => {
      const isSame = next.data === drawing.data;
      drawing = next;
      if (isSame) chart.setScale('x', { min: next.shown.from / 1000, max: next.shown.to / 1000 });
      else chart.setData(dataOf(next));
      chart.redraw();
    },
    destroy: () => {
      resized.disconnect();
      for (const name of PRINTING) removeEventListener(name, redraw);
      chart.destroy();
    },
  };
};

import { drawLabels, drawLanes, drawThresholds, laneHeight } from './lanes.js';
import { drawGaps, drawSensors, firstFrom, readPalette, sensorsHeight } from './sensors.js';

const two = (value) => String(value).padStart(2, '0');

const dayText = (date) => `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;

const clockText = (date) => `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;

/** A time in ms as UTC. */
const timeText = (ms) => {
  const date = new Date(ms);
  return `${dayText(date)} ${clockText(date)}:${two(date.getUTCSeconds())}Z`;
};

/** Times on the axis: the time of day, with the date under the first of each day. */
const timeValues = (_, splits) => {
  let day = '';
  return splits.map((ms) => {
    const date = new Date(ms);
    const seconds = date.getUTCSeconds() === 0 ? '' : `:${two(date.getUTCSeconds())}`;
    const isNew = dayText(date) !== day;
    day = dayText(date);
    return `${clockText(date)}${seconds}${isNew ? `\n${day}` : ''}`;
  });
};

const NEAR_PX = 7;

const bandAt = (lane, t) => lane.bands.find(([from, to]) => t >= from && t < to) ?? lane.bands.at(-1);

const laneLine = (lane, t) => {
  const band = bandAt(lane, t);
  if (band === undefined) return lane.letter;
  const [, , condition, severity] = band;
  return `${lane.letter}: ${condition}${severity === '' ? '' : `, ${severity}`}`;
};

const noticesNear = (plot, chart, left) =>
  chart.lanes.flatMap((lane) =>
    lane.notices
      .filter(({ at }) => Math.abs(plot.valToPos(at + chart.t0, 'x') - left) <= NEAR_PX)
      .map(({ text }) => ({ letter: lane.letter, text })),
  );

/** What there is to say at a place of the chart: lines of text, and the notices close to it. */
const readingAt = (plot, chart, index, left) => {
  const t = chart.t[index];
  const p = chart.p[index];
  const isLabelled = chart.labels.some(([from, to]) => t >= from && t <= to);
  return {
    time: timeText(t + chart.t0),
    lines: [
      `probability ${p === null || p === undefined ? 'missing' : p.toFixed(3)}${isLabelled ? ', labelled abnormal' : ''}`,
      ...chart.lanes.map((lane) => laneLine(lane, t)),
      chart.sensors.map((sensor) => sensorText(sensor, t)).join(', '),
    ],
    notices: noticesNear(plot, chart, left),
  };
};

const sensorText = ({ name, unit, t, v }, at) => {
  const after = firstFrom(t, at);
  const index =
    after > 0 && at - t[after - 1] < (t[after] ?? Number.POSITIVE_INFINITY) - at ? after - 1 : after;
  const value = v[index];
  return value === null || value === undefined ? `${name} missing` : `${name} ${value} ${unit}`;
};

const element = (name, text, className) => {
  const made = document.createElement(name);
  made.textContent = text;
  if (className !== undefined) made.className = className;
  return made;
};

/** A box beside the cursor that says what is there; everything in it is set as text. */
const createReadout = (plot, chart) => {
  const box = document.createElement('div');
  box.className = 'readout';
  box.hidden = true;
  plot.over.append(box);

  const place = (left) => {
    const room = plot.over.clientWidth;
    const isRight = left > room / 2;
    box.style.left = isRight ? 'auto' : `${left + 14}px`;
    box.style.right = isRight ? `${room - left + 14}px` : 'auto';
    box.style.maxWidth = `${Math.min(460, Math.max(180, (isRight ? left : room - left) - 24))}px`;
  };

  return {
    hide: () => {
      box.hidden = true;
    },
    /** Shows what is at the cursor and gives it back as one text, for those who listen. */
    show: (index, left) => {
      const { time, lines, notices } = readingAt(plot, chart, index, left);
      box.replaceChildren(element('strong', time), ...lines.map((line) => element('div', line)));
      for (const { letter, text } of notices) {
        const [headline, ...rest] = text.split('\n');
        box.append(element('div', `${letter}: ${headline}`, 'notice-line'));
        for (const line of rest) box.append(element('div', line, 'quiet'));
      }
      box.hidden = false;
      place(left);
      return [time, ...lines, ...notices.map(({ letter, text }) => `${letter}: ${text.split('\n')[0]}`)].join(
        '; ',
      );
    },
  };
};

const LINE_PX = 150;
const AXIS_PX = 46;
const TOP_PX = 10;
const TOP_VALUE = 1.04;
const MIN_SPAN_MS = 10_000;

const keepWithin = (chart, from, to) => {
  const first = chart.t0 + chart.t[0];
  const last = chart.t0 + chart.t.at(-1);
  const span = Math.min(Math.max(to - from, MIN_SPAN_MS), Math.max(last - first, MIN_SPAN_MS));
  const begin = Math.min(Math.max(from, first), Math.max(first, last - span));
  return { min: begin, max: begin + span };
};

/** Draws one chart into its place and gives back what moves it. */
export const createChart = (host, chart) => {
  let palette = readPalette();
  const lanesPx = chart.lanes.length * laneHeight + 8 + sensorsHeight(chart);
  const height = TOP_PX + LINE_PX + lanesPx + AXIS_PX;
  const lowest = (-TOP_VALUE * lanesPx) / LINE_PX;
  let plot = null;
  let readout = null;

  const axis = (more) => ({
    stroke: () => palette.quiet,
    font: '12px system-ui, sans-serif',
    grid: { stroke: () => palette.grid, width: 1 },
    ticks: { stroke: () => palette.grid, width: 1, size: 4 },
    ...more,
  });

  const options = {
    width: host.clientWidth,
    height,
    ms: 1,
    padding: [TOP_PX, 12, 0, 0],
    tzDate: (ms) => uPlot.tzDate(new Date(ms), 'Etc/UTC'),
    legend: { show: false },
    cursor: { y: false, drag: { x: true, y: false, setScale: true }, points: { show: true, size: 7 } },
    scales: { x: { time: true }, y: { range: () => [lowest, TOP_VALUE] } },
    axes: [
      axis({ size: AXIS_PX, space: 64, values: timeValues }),
      axis({
        size: 44,
        splits: () => [0, 0.25, 0.5, 0.75, 1],
        values: (_, splits) => splits.map((value) => value.toFixed(2)),
      }),
    ],
    series: [{}, { stroke: () => palette.line, width: 1.4, points: { show: false }, spanGaps: false }],
    hooks: {
      drawClear: [
        (self) => {
          drawGaps(self, chart, palette);
          drawLabels(self, chart, palette);
        },
      ],
      draw: [
        (self) => {
          drawThresholds(self, chart, palette);
          drawSensors(self, chart, palette, drawLanes(self, chart, palette));
        },
      ],
      setCursor: [
        (self) => {
          const { left, idx } = self.cursor;
          if (readout === null) return;
          if (idx === null || idx === undefined || left < 0) readout.hide();
          else readout.show(idx, left);
        },
      ],
    },
  };

  host.replaceChildren();
  host.style.minHeight = `${height}px`;
  plot = new uPlot(options, [chart.t.map((t) => t + chart.t0), chart.p], host);
  readout = createReadout(plot, chart);

  // At once, so that what is shown next is placed by the new scale.
  const zoomTo = (from, to) => plot.batch(() => plot.setScale('x', keepWithin(chart, from, to)));
  const shown = () => plot.scales.x;

  return {
    plot,
    zoomTo,
    moveBy: (share) => {
      const { min, max } = shown();
      zoomTo(min + share * (max - min), max + share * (max - min));
    },
    zoomBy: (factor, aroundMs) => {
      const { min, max } = shown();
      const middle = aroundMs ?? (min + max) / 2;
      zoomTo(middle - (middle - min) * factor, middle + (max - middle) * factor);
    },
    showAll: () => zoomTo(chart.t0 + chart.t[0], chart.t0 + chart.t.at(-1)),
    /** Puts the cursor on a sample and says what is there. */
    point: (index) => {
      const at = chart.t0 + chart.t[index];
      const { min, max } = shown();
      if (at < min || at > max) zoomTo(at - (max - min) / 2, at + (max - min) / 2);
      const left = plot.valToPos(at, 'x');
      plot.setCursor({ left, top: plot.valToPos(chart.p[index] ?? 0, 'y') }, false);
      return readout.show(index, left);
    },
    resize: (width = host.clientWidth) => plot.setSize({ width, height }),
    repaint: () => {
      palette = readPalette();
      plot.redraw(false, true);
    },
  };
};

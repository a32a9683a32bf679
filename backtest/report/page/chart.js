import { drawLabels, drawLanes, drawThresholds, laneHeight } from './lanes.js';
import { createReadout, timeValues } from './readout.js';
import { drawGaps, drawSensors, readPalette, sensorsHeight } from './sensors.js';

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

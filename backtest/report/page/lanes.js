import { hatch } from './sensors.js';

/** Heights in CSS pixels: the signs of the notices, the bands below them, and the space to the next lane. */
export const LANE = { signs: 18, band: 22, space: 8 };
export const laneHeight = LANE.signs + LANE.band + LANE.space;

const BAND_HEIGHTS = { NORMAL: 3, SUSPECT: 10, CLEARING: 16, ACTIVE: 22 };

/** The same signs as in the legend. */
const SIGNS = {
  RAISED: '▲',
  REOPENED: '△',
  SHELF_EXPIRED: '△',
  FLAPPING: '◆',
  ESCALATED: '⇑',
  REMINDER: '●',
  RECOVERED: '▼',
  OCCURRED: '■',
  OFFLINE: '✕',
  ONLINE: '○',
};

const font = (ratio, weight = 'normal') => `${weight} ${11 * ratio}px system-ui, sans-serif`;

/** What the labels call abnormal: hatched behind the probability, with its edges drawn through the lanes. */
export const drawLabels = (plot, chart, palette) => {
  const { ctx, bbox } = plot;
  const ratio = window.devicePixelRatio || 1;
  const height = plot.valToPos(0, 'y', true) - bbox.top;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.strokeStyle = palette.labelText;
  ctx.lineWidth = ratio;
  for (const [from, to] of chart.labels) {
    const left = plot.valToPos(from + chart.t0, 'x', true);
    const width = Math.max(2 * ratio, plot.valToPos(to + chart.t0, 'x', true) - left);
    ctx.fillStyle = hatch(ctx, palette.label, 9, 1);
    ctx.fillRect(left, bbox.top, width, height);
    ctx.strokeRect(left, bbox.top - ratio, width, bbox.height + 2 * ratio);
  }
  ctx.restore();
};

/** A dashed line for each threshold, with the letter of its policy where thresholds differ. */
export const drawThresholds = (plot, chart, palette) => {
  const { ctx, bbox } = plot;
  const ratio = window.devicePixelRatio || 1;
  const values = new Set(chart.lanes.map(({ threshold }) => threshold));
  ctx.save();
  ctx.fillStyle = palette.threshold;
  ctx.font = font(ratio);
  ctx.textAlign = 'left';
  ctx.textBaseline = 'bottom';
  for (const value of values) {
    const y = Math.round(plot.valToPos(value, 'y', true));
    ctx.strokeStyle = palette.threshold;
    ctx.lineWidth = 1.5 * ratio;
    ctx.setLineDash([6 * ratio, 4 * ratio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    const letters = chart.lanes.filter(({ threshold }) => threshold === value).map(({ letter }) => letter);
    const text = values.size > 1 ? `threshold ${letters.join(', ')} ${value}` : `threshold ${value}`;
    // A halo keeps the text legible where the line runs through it.
    ctx.setLineDash([]);
    ctx.strokeStyle = palette.card;
    ctx.lineWidth = 4 * ratio;
    ctx.strokeText(text, bbox.left + 6 * ratio, y - 2 * ratio);
    ctx.fillText(text, bbox.left + 6 * ratio, y - 2 * ratio);
  }
  ctx.restore();
};

const drawBand = (plot, chart, palette, band, bottom) => {
  const { ctx, bbox } = plot;
  const ratio = window.devicePixelRatio || 1;
  const [from, to, condition, severity] = band;
  const left = Math.max(bbox.left, plot.valToPos(from + chart.t0, 'x', true));
  const right = Math.min(bbox.left + bbox.width, plot.valToPos(to + chart.t0, 'x', true));
  if (right <= bbox.left || left >= bbox.left + bbox.width) return;
  const height = BAND_HEIGHTS[condition] * ratio;
  const width = Math.max(ratio, right - left);
  ctx.fillStyle = condition === 'CLEARING' ? hatch(ctx, palette.CLEARING, 6, 2.6) : palette[condition];
  ctx.fillRect(left, bottom - height, width, height);
  if (condition === 'CLEARING') {
    ctx.strokeStyle = palette.CLEARING;
    ctx.lineWidth = ratio;
    ctx.strokeRect(left + ratio / 2, bottom - height + ratio / 2, Math.max(0, width - ratio), height - ratio);
  }
  if (condition !== 'ACTIVE') return;
  ctx.font = font(ratio, '600');
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  ctx.fillStyle = palette.onActive;
  if (ctx.measureText(severity).width + 10 * ratio < width) {
    ctx.fillText(severity, left + 5 * ratio, bottom - height / 2 + ratio / 2);
  }
};

const drawSigns = (plot, chart, palette, lane, top) => {
  const { ctx, bbox } = plot;
  const ratio = window.devicePixelRatio || 1;
  ctx.font = `${13 * ratio}px system-ui, "DejaVu Sans", sans-serif`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.fillStyle = palette.text;
  for (const { at, type } of lane.notices) {
    const x = plot.valToPos(at + chart.t0, 'x', true);
    if (x < bbox.left - 1 || x > bbox.left + bbox.width + 1) continue;
    ctx.fillText(SIGNS[type] ?? '•', x, top + (LANE.signs / 2 + 1) * ratio);
  }
};

/** The policies below each other: the letter on the left, the notices, and the conditions as bands. Gives where they end, in pixels of the canvas. */
export const drawLanes = (plot, chart, palette) => {
  const { ctx, bbox } = plot;
  const ratio = window.devicePixelRatio || 1;
  const begin = plot.valToPos(0, 'y', true) + LANE.space * ratio;
  ctx.save();
  for (const [index, lane] of chart.lanes.entries()) {
    const top = begin + index * laneHeight * ratio;
    const bottom = top + (LANE.signs + LANE.band) * ratio;
    for (const band of lane.bands) drawBand(plot, chart, palette, band, bottom);
    drawSigns(plot, chart, palette, lane, top);
    ctx.font = font(ratio, '700');
    ctx.fillStyle = palette.text;
    ctx.textAlign = 'right';
    ctx.textBaseline = 'middle';
    ctx.fillText(lane.letter, bbox.left - 8 * ratio, bottom - (LANE.band / 2) * ratio);
  }
  ctx.restore();
  return begin + chart.lanes.length * laneHeight * ratio;
};

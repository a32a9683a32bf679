/** The colours of the page as they hold now, in light or dark, by their names in the style sheet. */
export const readPalette = () => {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    card: colour('card'),
    text: colour('text'),
    quiet: colour('quiet'),
    grid: colour('grid'),
    line: colour('line'),
    sensor: colour('sensor'),
    label: colour('label'),
    labelText: colour('label-text'),
    threshold: colour('threshold'),
    onActive: colour('on-active'),
    NORMAL: colour('normal'),
    SUSPECT: colour('suspect'),
    ACTIVE: colour('active'),
    CLEARING: colour('clearing'),
  };
};

/** Diagonal lines, so that what is marked by them is known by its texture and not by its colour alone. */
export const hatch = (context, colour, gap, width) => {
  const ratio = window.devicePixelRatio || 1;
  const size = Math.round(gap * ratio);
  const tile = document.createElement('canvas');
  tile.width = size;
  tile.height = size;
  const pen = tile.getContext('2d');
  pen.strokeStyle = colour;
  pen.lineWidth = width * ratio;
  for (const shift of [-size, 0, size]) {
    pen.beginPath();
    pen.moveTo(shift - 2, size + 2);
    pen.lineTo(shift + size + 2, -2);
    pen.stroke();
  }
  return context.createPattern(tile, 'repeat');
};

/** Height of the lane of one sensor in CSS pixels: its text, its line, and the space to the next. */
const SENSOR = { text: 13, line: 24, space: 5 };
const sensorHeight = SENSOR.text + SENSOR.line + SENSOR.space;

/** The height of all sensors of a chart. */
export const sensorsHeight = (chart) => chart.sensors.length * sensorHeight;

/** The number of the first time at or after `t`. */
export const firstFrom = (times, t) => {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < t) low = middle + 1;
    else high = middle;
  }
  return low;
};

const shortly = (value) => String(Number(value.toPrecision(3)));

const drawLine = (plot, chart, { t, v }, [from, to], [low, high], bottom) => {
  const { ctx } = plot;
  const ratio = window.devicePixelRatio || 1;
  const height = SENSOR.line * ratio;
  const scale = high > low ? height / (high - low) : 0;
  ctx.beginPath();
  let isOpen = false;
  for (let index = from; index < to; index += 1) {
    const value = v[index];
    if (value === null) {
      isOpen = false;
      continue;
    }
    const x = plot.valToPos(t[index] + chart.t0, 'x', true);
    const y = bottom - (scale === 0 ? height / 2 : (value - low) * scale);
    if (isOpen) ctx.lineTo(x, y);
    else ctx.moveTo(x, y);
    isOpen = true;
  }
  ctx.stroke();
};

const drawSensor = (plot, chart, palette, sensor, top) => {
  const { ctx, bbox } = plot;
  const ratio = window.devicePixelRatio || 1;
  const { min, max } = plot.scales.x;
  const from = Math.max(0, firstFrom(sensor.t, min - chart.t0) - 1);
  const to = Math.min(sensor.t.length, firstFrom(sensor.t, max - chart.t0) + 1);
  const values = sensor.v.slice(from, to).filter((value) => value !== null);
  const [low, high] = values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const bottom = top + (SENSOR.text + SENSOR.line) * ratio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, top, bbox.width, sensorHeight * ratio);
  ctx.clip();
  ctx.strokeStyle = palette.sensor;
  ctx.lineWidth = 1.1 * ratio;
  ctx.lineJoin = 'round';
  if (values.length > 0) drawLine(plot, chart, sensor, [from, to], [low, high], bottom);
  ctx.font = `${11 * ratio}px system-ui, sans-serif`;
  ctx.fillStyle = palette.quiet;
  ctx.textBaseline = 'top';
  ctx.textAlign = 'left';
  const range = values.length === 0 ? 'no values' : `${shortly(low)} to ${shortly(high)} ${sensor.unit}`;
  ctx.fillText(`${sensor.name}, ${range}`, bbox.left + 6 * ratio, top);
  ctx.restore();
};

/** The six sensors below each other, each from the lowest to the highest of what is shown, with that range in words. */
export const drawSensors = (plot, chart, palette, topPx) => {
  const ratio = window.devicePixelRatio || 1;
  for (const [index, sensor] of chart.sensors.entries()) {
    drawSensor(plot, chart, palette, sensor, topPx + index * sensorHeight * ratio);
  }
};

/** Where nothing was recorded: a hatched stretch over the whole height, so that it is not taken for a quiet one. */
export const drawGaps = (plot, chart, palette) => {
  const { ctx, bbox } = plot;
  const ratio = window.devicePixelRatio || 1;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.font = `${11 * ratio}px system-ui, sans-serif`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  const middle = plot.valToPos(0.75, 'y', true);
  for (const [index, p] of chart.p.entries()) {
    if (p !== null || index === 0 || index + 1 >= chart.t.length) continue;
    const left = plot.valToPos(chart.t[index - 1] + chart.t0, 'x', true);
    const width = plot.valToPos(chart.t[index + 1] + chart.t0, 'x', true) - left;
    if (left > bbox.left + bbox.width || left + width < bbox.left) continue;
    ctx.fillStyle = hatch(ctx, palette.grid, 7, 1.5);
    ctx.fillRect(left, bbox.top, width, bbox.height);
    ctx.fillStyle = palette.quiet;
    if (width > 60 * ratio) ctx.fillText('no data', left + width / 2, middle - 8 * ratio);
  }
  ctx.restore();
};

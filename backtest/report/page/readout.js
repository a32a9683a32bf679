import { firstFrom } from './sensors.js';

const two = (value) => String(value).padStart(2, '0');

const dayText = (date) => `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;

const clockText = (date) => `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;

/** A time in ms as UTC. */
export const timeText = (ms) => {
  const date = new Date(ms);
  return `${dayText(date)} ${clockText(date)}:${two(date.getUTCSeconds())}Z`;
};

/** Times on the axis: the time of day, with the date under the first of each day. */
export const timeValues = (_, splits) => {
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
export const readingAt = (plot, chart, index, left) => {
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
export const createReadout = (plot, chart) => {
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

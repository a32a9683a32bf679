import { createChart } from './chart.js';

const charts = new Map(
  JSON.parse(document.getElementById('report-data').textContent).map((chart) => [chart.id, chart]),
);
const built = new Map();

/** Charts are built when they come into view: a report may have hundreds. */
const build = (id) => {
  const known = built.get(id);
  if (known !== undefined) return known;
  const host = document.getElementById(id);
  const made = createChart(host, charts.get(id));
  built.set(id, made);
  listen(host, charts.get(id), made);
  return made;
};

const nearest = (times, t) => {
  let best = 0;
  for (const [index, time] of times.entries())
    if (Math.abs(time - t) < Math.abs(times[best] - t)) best = index;
  return best;
};

const cursorIndex = (chart, { plot }) => {
  const { idx } = plot.cursor;
  if (idx !== null && idx !== undefined) return idx;
  return nearest(chart.t, (plot.scales.x.min + plot.scales.x.max) / 2 - chart.t0);
};

const noticeIndex = (chart, made, direction) => {
  const now = chart.t[cursorIndex(chart, made)];
  const times = chart.lanes.flatMap(({ notices }) => notices.map(({ at }) => at)).sort((a, b) => a - b);
  // The sample that is nearest to a notice may be a little off it.
  const next = direction > 0 ? times.find((at) => at > now + 1500) : times.findLast((at) => at < now - 1500);
  return next === undefined ? null : nearest(chart.t, next);
};

const listen = (host, chart, made) => {
  const spoken = document.getElementById(`${chart.id}-spoken`);
  const point = (index) => {
    if (index === null) return;
    spoken.textContent = made.point(Math.min(chart.t.length - 1, Math.max(0, index)));
  };
  const zoomAtCursor = (factor) => {
    const index = cursorIndex(chart, made);
    made.zoomBy(factor, chart.t0 + chart.t[index]);
    point(index);
  };
  const keys = {
    ArrowLeft: (event) => (event.shiftKey ? made.moveBy(-0.25) : point(cursorIndex(chart, made) - 1)),
    ArrowRight: (event) => (event.shiftKey ? made.moveBy(0.25) : point(cursorIndex(chart, made) + 1)),
    PageUp: () => point(cursorIndex(chart, made) - 60),
    PageDown: () => point(cursorIndex(chart, made) + 60),
    Home: () => point(0),
    End: () => point(chart.t.length - 1),
    '+': () => zoomAtCursor(0.5),
    '=': () => zoomAtCursor(0.5),
    '-': () => zoomAtCursor(2),
    0: () => made.showAll(),
    n: () => point(noticeIndex(chart, made, 1)),
    p: () => point(noticeIndex(chart, made, -1)),
  };
  host.addEventListener('keydown', (event) => {
    const key = keys[event.key] ?? keys[event.key.toLowerCase()];
    if (key === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    key(event);
  });
  host.addEventListener(
    'wheel',
    (event) => {
      // Without a key the wheel scrolls the page, as everywhere.
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { left } = made.plot.over.getBoundingClientRect();
      made.zoomBy(event.deltaY > 0 ? 1.25 : 0.8, made.plot.posToVal(event.clientX - left, 'x'));
    },
    { passive: false },
  );
  // Before uPlot handles it: with Shift the mouse moves the chart and does not select.
  made.plot.over.addEventListener('mousedown', (event) => event.shiftKey && startPan(event, made), true);
  new ResizeObserver(() => made.resize()).observe(host);
};

const startPan = (event, made) => {
  event.stopImmediatePropagation();
  event.preventDefault();
  const { min, max } = made.plot.scales.x;
  const msPerPx = (max - min) / made.plot.over.clientWidth;
  const move = ({ clientX }) => {
    const byMs = (event.clientX - clientX) * msPerPx;
    made.zoomTo(min + byMs, max + byMs);
  };
  const end = () => {
    removeEventListener('mousemove', move);
    removeEventListener('mouseup', end);
  };
  addEventListener('mousemove', move);
  addEventListener('mouseup', end);
};

const MOVES = {
  left: (made) => made.moveBy(-0.5),
  right: (made) => made.moveBy(0.5),
  in: (made) => made.zoomBy(0.5),
  out: (made) => made.zoomBy(2),
  all: (made) => made.showAll(),
};

const NOTICE_SPAN_MS = 600_000;

document.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest('button[data-chart]') : null;
  if (button === null) return;
  const { chart: id, move, at } = button.dataset;
  const made = build(id);
  if (move !== undefined) MOVES[move](made);
  if (at === undefined) return;
  const chart = charts.get(id);
  const { min, max } = made.plot.scales.x;
  const half = Math.min(NOTICE_SPAN_MS, max - min) / 2;
  made.zoomTo(chart.t0 + Number(at) - half, chart.t0 + Number(at) + half);
  made.point(nearest(chart.t, Number(at)));
  document.getElementById(id).scrollIntoView({ block: 'nearest' });
});

const inView = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      inView.unobserve(target);
      build(target.id);
    }
  },
  { rootMargin: '400px' },
);
for (const id of charts.keys()) inView.observe(document.getElementById(id));

/** As wide as a page across, of either A4 or Letter; on a narrower one the style sheet scales it down. */
const PRINT_PX = 940;

// On paper all charts are drawn, in the colours for light pages, and not as wide as the window happens to be.
addEventListener('beforeprint', () => {
  document.documentElement.dataset.print = '';
  for (const id of charts.keys()) {
    const made = build(id);
    made.resize(PRINT_PX);
    made.repaint();
  }
});
addEventListener('afterprint', () => {
  delete document.documentElement.dataset.print;
  for (const made of built.values()) {
    made.resize();
    made.repaint();
  }
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  for (const made of built.values()) made.repaint();
});

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { Script } from 'node:vm';
import { backtestRecording, sumUp } from '../../../backtest/backtest.ts';
import type { RecordedMessage } from '../../../backtest/recordings/recording.ts';
import { reportHtml } from '../../../backtest/report/report-html.ts';
import { DEFAULT_BOOK, readPolicyBook } from '../../../domain/alarm/policy/policy-book.ts';
import { sample } from '../../fixture/stored-sample.ts';

const EVIL = '</script><script>alert(1)</script><img src=x onerror="alert(2)">';
const BEGIN_MS = Date.UTC(2026, 2, 9, 10);

/** Ten minutes of one cylinder, abnormal from the third minute to the sixth, with names as nobody should give them. */
const messages: readonly RecordedMessage[] = Array.from({ length: 600 }, (_, second) => {
  const t = BEGIN_MS + second * 1000;
  const isAbnormal = second >= 180 && second < 360;
  const heard = sample({
    cylinder: `cyl${EVIL}`,
    gateway: `gw${EVIL}`,
    t,
    probability: isAbnormal ? 0.9 : 0.1,
  });
  return { gateway: heard.gateway, receivedAt: t, samples: [{ ...heard, label: isAbnormal }] };
});

const report = async (recorded = messages): Promise<string> => {
  const advisory = readPolicyBook({ notifyFrom: 'advisory' });
  if (!advisory.ok) throw new Error('not a policy');
  const policies = [
    { name: `a${EVIL}.json`, book: advisory.book },
    { name: 'b.json', book: DEFAULT_BOOK },
  ];
  const recording = {
    file: `folder/recording ${EVIL.replaceAll('/', '|')}.csv`,
    samples: recorded.length,
    messages: () => [recorded],
    close: () => undefined,
  };
  const options = { traceBuckets: 1000, onProgress: () => undefined };
  return reportHtml(sumUp(policies, [await backtestRecording(recording, policies, options)]));
};

const html = await report();
const chartOf = (page: string) => {
  const [, data = ''] = /id="report-data">([\s\S]*?)<\/script>/.exec(page) ?? [];
  return JSON.parse(data)[0];
};
const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script = '']) => script);

test('the report needs no network and no other file', () => {
  const FORBIDDEN: readonly RegExp[] = [
    /<[^>]*\s(?:src|href|action|srcset|poster)\s*=/i,
    /<(?:link|iframe|object|embed|base|form)\b/i,
    /@import|\burl\(/,
    /\b(?:fetch|XMLHttpRequest|WebSocket|importScripts)\s*\(/,
  ];
  // What is quoted is an attribute's text and not an attribute.
  const bare = html.replaceAll(/="[^"]*"/g, '=""');
  for (const pattern of FORBIDDEN) assert.equal(pattern.exec(bare)?.[0], undefined);
  assert.ok(html.includes('content="default-src &#39;none&#39;;'));
});

test('no name can end the script or begin an element', () => {
  assert.equal(scripts.length, 2, 'the chart library and the page');
  assert.ok(!html.includes('<script>alert') && !html.includes('<img'));
  assert.ok(html.includes('&lt;/script&gt;&lt;script&gt;alert(1)'));
  const [, data = ''] =
    /<script type="application\/json" id="report-data">([\s\S]*?)<\/script>/.exec(html) ?? [];
  const [chart] = JSON.parse(data);
  assert.equal(chart.cylinder, `cyl${EVIL}`);
});

test('both scripts parse, and run by the policy of the page, which names them by their hash', () => {
  const [, policy = ''] = /content="([^"]*default-src[^"]*)"/.exec(html) ?? [];
  for (const script of scripts) {
    assert.doesNotThrow(() => new Script(script));
    const hash = createHash('sha256').update(script).digest('base64');
    assert.ok(policy.replaceAll('&#39;', "'").includes(`'sha256-${hash}'`));
  }
});

test('the data of a chart holds labels, bands of both policies and notices with their text', () => {
  const [, data = ''] = /id="report-data">([\s\S]*?)<\/script>/.exec(html) ?? [];
  const [chart] = JSON.parse(data);
  assert.equal(chart.t.length, 600);
  assert.deepEqual(chart.labels, [[180_000, 359_000]]);
  assert.deepEqual(
    chart.lanes.map(({ letter }: { letter: string }) => letter),
    ['A', 'B'],
  );
  const [first, second] = chart.lanes;
  assert.deepEqual(first.bands[2].slice(2), ['ACTIVE', 'advisory']);
  assert.equal(first.notices[0].type, 'RAISED');
  assert.match(first.notices[0].text, /stays abnormal[\s\S]*of the last minute abnormal/);
  assert.deepEqual(second.notices, []);
});

test('the data of a chart holds a lane for each of the six sensors, and a gap in the recording is a gap in all of them', async () => {
  const withGap = messages.filter((_, second) => second < 400 || second >= 500);
  const chart = chartOf(await report(withGap));
  assert.deepEqual(
    chart.sensors.map(({ name, unit }: { name: string; unit: string }) => `${name} ${unit}`),
    ['temperature °C', 'vibration Z mm/s', 'vibration X mm/s', 'current A', 'load %', 'speed RPM'],
  );
  const [at] = chart.p.flatMap((p: number | null, index: number) => (p === null ? [index] : []));
  assert.deepEqual([chart.t[at - 1], chart.t[at + 1]], [399_000, 500_000]);
  for (const { t, v } of chart.sensors) {
    const [gap] = v.flatMap((value: number | null, index: number) => (value === null ? [index] : []));
    assert.ok(t[gap] > 390_000 && t[gap + 1] >= 500_000);
  }
});

test('on paper nothing is cut off and no background is left out', () => {
  const [, print = ''] = /@media print \{([\s\S]*)/.exec(html) ?? [];
  assert.match(print, /print-color-adjust: exact/);
  assert.match(print, /\.chart canvas \{\s*width: 100%;\s*height: auto;/);
  assert.match(html, /addEventListener\('beforeprint'/);
});

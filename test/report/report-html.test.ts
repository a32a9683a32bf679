import assert from 'node:assert/strict';
import { test } from 'node:test';
import { savedQueries } from '../../analysis/saved-queries.ts';
import { SENSORS } from '../../domain/message/sample.ts';
import type { Language } from '../../notification/locales/languages.ts';
import { gatherReport, REPORT_QUERIES } from '../../report/report-data.ts';
import { reportHtml } from '../../report/report-html.ts';
import { readTrainedCard } from '../../report/trained-card.ts';
import { rowsOf, storeOf, WEEK } from './report-rows.ts';

const plain = (name: string): string => name;

const pageOf = async (rows: ReturnType<typeof rowsOf>, language: Language = 'en') => {
  const { store, asked } = storeOf(rows);
  const data = await gatherReport(store, WEEK, () => undefined);
  const page = reportHtml(data, {
    madeAtMs: WEEK.to,
    place: '/data',
    language,
    again: (query) => `npx sentinel query ${query}`,
  });
  return { page, asked, data };
};

/** What a tile says, by the saved query below it. */
const tile = (page: string, name: string): string | undefined =>
  new RegExp(`<dt>${name}</dt><dd>([^<]*)</dd>`).exec(page)?.[1];

test('a report says what the rows of its saved queries say', async () => {
  const { page } = await pageOf(rowsOf({ cylinders: 3, incidents: 4, text: plain }));
  assert.equal(tile(page, 'Cylinders'), '3');
  assert.equal(tile(page, 'Availability'), '99.00 %');
  assert.equal(tile(page, 'Incidents'), '4');
  assert.equal(tile(page, 'Alerts that were faults'), '75 %');
  // 300 running hours and 0 + 1 + 2 failures; of four incidents two were acknowledged, three are over after 1, 2, 3 min.
  assert.equal(tile(page, 'Mean time between failures'), '100 h');
  assert.equal(tile(page, 'Mean time to repair'), '2 min');
  assert.equal(tile(page, 'Mean time to acknowledge'), '1 min');
  assert.equal(tile(page, 'Data coverage'), '50.00 %');
  assert.equal(tile(page, 'Notices'), '30');
  assert.equal(tile(page, 'Samples'), '907,200');
  assert.match(page, /shifted/);
});

test('it names every saved query that it asks, beside its figures and with the command that asks it again', async () => {
  const { page, asked } = await pageOf(rowsOf({ cylinders: 3, incidents: 4, text: plain }));
  assert.deepEqual(asked, [...REPORT_QUERIES, ...Array<string>(4).fill('course')]);
  const known = savedQueries().map(({ name }) => name);
  for (const query of new Set(asked)) {
    assert.ok(known.includes(query), query);
    assert.ok(
      page.split(`<code>${query}</code>`).length >= 3,
      `${query} is named at its figures and among the sources`,
    );
    assert.ok(page.includes(`npx sentinel query ${query}</code>`), query);
  }
});

test('nothing that comes from outside is anything but text, and the page asks for nothing', async () => {
  const evil = (name: string): string =>
    `${name}"'><script>alert(1)</script><img src=x onerror=alert(1)></style></svg>&lt;&#0;\u202e`;
  for (const language of ['en', 'ko'] as const) {
    const { page } = await pageOf(rowsOf({ cylinders: 3, incidents: 4, text: evil }), language);
    assert.doesNotMatch(page, /<script|<img|<a |https?:|url\(/);
    assert.equal(page.split('</style>').length, 2);
    assert.equal(page.split('<svg').length, page.split('</svg>').length);
    // No attribute ends early: between two quotes of a tag no tag begins.
    for (const [tag] of page.matchAll(/<[a-z][^>]*>/g))
      assert.equal((tag.match(/"/g) ?? []).length % 2, 0, tag);
  }
});

test('no cell is a word of the program', async () => {
  for (const language of ['en', 'ko'] as const)
    for (const incidents of [0, 4]) {
      const { page } = await pageOf(rowsOf({ cylinders: 1, incidents, text: plain }), language);
      assert.doesNotMatch(page.replace(/<style>.*<\/style>/s, ''), /undefined|NaN|\[object|Infinity/);
      assert.match(page, new RegExp(`^<!doctype html>\n<html lang="${language}">`));
    }
});

test('a thousand cylinders and incidents stay a page that can be read, which says what it leaves out', async () => {
  const { page, asked } = await pageOf(rowsOf({ cylinders: 1000, incidents: 1000, text: plain }));
  assert.ok(page.length < 700_000, `${page.length} bytes`);
  assert.equal(asked.filter((name) => name === 'course').length, 60);
  assert.match(page, /980 more: sentinel query worst-actors/);
  assert.match(page, /940 more: sentinel query incidents/);
  assert.match(page, /960 more: sentinel query coverage/);
  // The longest are shown, and the one that goes on.
  assert.match(page, /goes on/);
});

const TRAINED = {
  data: [{ file: 'a.csv', sha256: 'f'.repeat(64), rows: 100, positives: 40 }],
  settings: { threshold: 0.5 },
  split: 'recordings',
  parts: { training: { rows: 90, positives: 30 }, test: { rows: 80, positives: 20 } },
  folds: 4,
  roundsKept: 60,
  depth: 6,
  metrics: {
    auc: 0.9876,
    averagePrecision: null,
    logLoss: 0.1,
    brier: 0.02,
    confusion: { truePositive: 15, falsePositive: 3, falseNegative: 5, trueNegative: 57 },
    calibration: [
      { from: 0, rows: 60, meanProbability: 0.05, abnormalShare: 0.01 },
      { from: 0.1, rows: 0, meanProbability: null, abnormalShare: null },
    ],
  },
  reference: {
    rows: 60,
    sensors: SENSORS.map(() => ({ edges: [1, 2, 3], counts: [10, 20, 20, 0], missing: 10 })),
    score: { edges: [0.1], counts: [30, 30], missing: 0 },
  },
  calibration: { kind: 'isotonic', points: [[0.1, 0.2]] },
};

test('the card of a trained model is shown, with what it takes for sound beside the mean of now', async () => {
  for (const language of ['en', 'ko'] as const) {
    const { store } = storeOf(rowsOf({ cylinders: 3, incidents: 4, text: plain }));
    const data = await gatherReport(store, WEEK, () => undefined);
    const reading = readTrainedCard('model<1>.card.json', TRAINED);
    assert.ok(reading.ok);
    const facts = { madeAtMs: WEEK.to, place: '/data', language, again: plain, cards: [reading.card] };
    const page = reportHtml(data, facts);
    const [, card = ''] = /<article class="card">(.*?)<\/article>/s.exec(page) ?? [];
    assert.match(card, /model&lt;1&gt;\.card\.json/);
    for (const text of ['0.9876', 'f'.repeat(16), '16.7 %', '1.0 %']) assert.ok(card.includes(text), text);
    assert.doesNotMatch(card, /undefined|NaN|null/);
    if (language === 'en') assert.match(card, /abnormal rows found at 0\.50.*15 of 20.*3 of 60/s);
    // Its mean now is not between the first edge and the last.
    assert.match(card, /class="verdict shifted"/);
  }
});

test('a card of an earlier version has less, and what is none is said to be none', () => {
  const { data: _, reference: __, calibration: ___, ...first } = TRAINED;
  const reading = readTrainedCard('m', first);
  assert.deepEqual(reading.ok && [reading.card.data, reading.card.reference, reading.card.calibration], [
    [],
    null,
    null,
  ]);
  const none = readTrainedCard('m', { name: 'cylinder-sentinel' });
  assert.match(none.ok ? '' : none.message, /no model card: settings: .*MODEL\.card\.json/);
});

test('a time of which nothing is stored makes a page that says so', async () => {
  const { page } = await pageOf({});
  assert.match(page, /Nothing is stored of this time/);
  assert.doesNotMatch(page, /undefined|NaN/);
  const { page: korean } = await pageOf({}, 'ko');
  assert.match(korean, /이 기간에 저장된 표본과 이상 건이 없습니다/);
});

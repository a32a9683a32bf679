import assert from 'node:assert/strict';
import { test } from 'node:test';
import { savedQueries } from '../../analysis/saved-queries.ts';
import type { Language } from '../../notification/locales/languages.ts';
import { gatherReport, REPORT_QUERIES } from '../../report/report-data.ts';
import { reportHtml } from '../../report/report-html.ts';
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

test('a time of which nothing is stored makes a page that says so', async () => {
  const { page } = await pageOf({});
  assert.match(page, /Nothing is stored of this time/);
  assert.doesNotMatch(page, /undefined|NaN/);
  const { page: korean } = await pageOf({}, 'ko');
  assert.match(korean, /이 기간에 저장된 표본과 이상 건이 없습니다/);
});

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Grafana writes its variables so
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as v from 'valibot';

const BOARDS = new URL('../../infra/grafana/dashboards/', import.meta.url);
/** The pages of the desk, as docs/desk.md names them. */
const cylinderHref = (name: string): string => `/cylinders/${encodeURIComponent(name)}`;
const incidentHref = (id: string): string => `/incidents/${encodeURIComponent(id)}`;
const DESK = 'https://desk.example:8443';
/** Names as people give them: of none of them may a link lose or gain a part. */
const NAMES = ['cyl-07', 'Presse 3/a', 'a&b=c?d#e', '실린더 1', 'x\' "y" 100%'];

const link = v.object({ title: v.string(), url: v.string() });
const board = v.object({
  uid: v.string(),
  links: v.array(
    v.object({
      title: v.string(),
      type: v.string(),
      url: v.optional(v.string()),
      tags: v.optional(v.array(v.string())),
    }),
  ),
  templating: v.object({ list: v.array(v.object({ name: v.string() })) }),
  panels: v.array(
    v.object({
      title: v.string(),
      fieldConfig: v.object({
        overrides: v.array(
          v.object({
            matcher: v.object({ id: v.string(), options: v.unknown() }),
            properties: v.array(v.object({ id: v.string(), value: v.array(link) })),
          }),
        ),
      }),
    }),
  ),
});
const boards = readdirSync(BOARDS)
  .toSorted()
  .map((name) => v.parse(board, JSON.parse(readFileSync(new URL(name, BOARDS), 'utf8'))));

/**
 * Fills in a link as Grafana does: a value is encoded unless its form says otherwise.
 * https://grafana.com/docs/grafana/latest/panels-visualizations/configure-data-links/
 */
const followed = (url: string, values: Readonly<Record<string, string>>): string =>
  url.replaceAll(/\$\{([\w.]+)(?::(\w+))?\}/g, (whole, name: string, form = 'percentencode') => {
    const value = values[name];
    assert.ok(value !== undefined, `${whole} is no variable of the dashboard`);
    return form === 'raw' || name === '__url_time_range' ? value : encodeURIComponent(value);
  });

for (const { uid, links, panels, templating } of boards)
  test(`${uid}: a cylinder leads to its dashboard and its page, an incident to its page, whatever their names`, () => {
    const values = {
      ...Object.fromEntries(templating.list.map(({ name }) => [name, `some ${name}`])),
      desk: DESK,
      __url_time_range: 'from=1&to=2',
    };
    assert.ok(panels.length > 0);
    for (const { title, fieldConfig } of panels)
      for (const name of NAMES) {
        const of = (column: string): readonly string[] =>
          fieldConfig.overrides
            .filter(({ matcher }) => matcher.id === 'byName' && matcher.options === column)
            .flatMap(({ properties }) => properties.flatMap(({ id, value }) => (id === 'links' ? value : [])))
            .map(({ url }) => followed(url, { ...values, '__value.raw': name }));
        const [toDashboard = '', ...toDesk] = of('cylinder');
        assert.deepEqual(toDesk, [`${DESK}${cylinderHref(name)}`], title);
        assert.deepEqual(of('id'), [`${DESK}${incidentHref(name)}`], title);
        const there = new URL(toDashboard, 'http://grafana');
        const [, , dashboard] = there.pathname.split('/');
        const target = boards.find((one) => one.uid === dashboard);
        assert.ok(target, `${there.pathname} is a dashboard`);
        const given = [...there.searchParams.keys()].filter((key) => key.startsWith('var-'));
        assert.deepEqual(
          given.map((key) => key.slice(4)).toSorted(),
          target.templating.list.map((one) => one.name).toSorted(),
        );
        assert.equal(there.searchParams.get('var-cylinder'), name);
        assert.equal(there.searchParams.get('var-desk'), DESK);
        assert.deepEqual([there.searchParams.get('from'), there.searchParams.get('to')], ['1', '2']);
      }
    const desk = links.find((one) => one.type === 'link');
    assert.equal(followed(desk?.url ?? '', values), DESK);
    const others = links.find((one) => one.type === 'dashboards');
    assert.deepEqual(others?.tags, ['cylinder-sentinel', uid.split('-').at(-1)]);
  });

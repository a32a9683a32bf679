// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Grafana writes its variables so
// @ts-nocheck: the package is installed on demand, and has no types where it is not.
/**
 * `npm run grafana`: makes the dashboards anew with Grafana's Foundation SDK, which it installs into this folder on first
 * use. With `-- --check` it says whether the files that are there are what it would make.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inGrafana, savedQueries } from '../../analysis/saved-queries.ts';
import { installOnce } from '../install-once.js';
import { BOARDS } from './dashboards.ts';

const here = import.meta.dirname;
installOnce(here, 'the Foundation SDK of Grafana into infra/grafana', ['--ignore-scripts']);

const sdk = '@grafana/grafana-foundation-sdk';
const dashboard = await import(`${sdk}/dashboard`);
const athena = await import(`${sdk}/athena`);
const builders = {
  table: (await import(`${sdk}/table`)).PanelBuilder,
  timeseries: (await import(`${sdk}/timeseries`)).PanelBuilder,
  barchart: (await import(`${sdk}/barchart`)).PanelBuilder,
  stat: (await import(`${sdk}/stat`)).PanelBuilder,
};

const PLUGINS = { athena: 'grafana-athena-datasource', timestream: 'grafana-timestream-datasource' };
const source = (dialect) => ({ type: PLUGINS[dialect], uid: '${datasource}' });

const target = {
  athena: (sql) =>
    new athena.DataqueryBuilder()
      .refId('A')
      .datasource(source('athena'))
      .format(athena.FormatOptions.Table)
      .rawSQL(sql),
  // The SDK has no builder for it: the fields are those of the plugin's own types.
  timestream: (sql) => ({
    build: () => ({ refId: 'A', datasource: source('timestream'), queryType: 'raw', rawQuery: sql }),
  }),
};

const texts = new Map(savedQueries().map((query) => [query.name, query]));

// Unless it is said, Grafana encodes what it puts into a link: an address whole would be no address any more.
// https://github.com/grafana/grafana/pull/64841
const DESK = '${desk:raw}';
const cell = '${__value.raw:percentencode}';
const kept = (dialect) =>
  ['datasource', 'site', 'desk', ...(dialect === 'timestream' ? ['database'] : [])].map(
    (name) => `&var-${name}=\${${name}:percentencode}`,
  );

/** Where a cell leads, by its column: a cylinder to its dashboard and its page, an incident to its page. */
const linksOf = (dialect) => ({
  cylinder: [
    {
      title: 'Dashboard of this cylinder',
      url: `/d/sentinel-cylinder-${dialect}?var-cylinder=${cell}${kept(dialect).join('')}&\${__url_time_range}`,
    },
    { title: 'This cylinder at the desk', url: `${DESK}/cylinders/${cell}`, targetBlank: true },
  ],
  id: [{ title: 'This incident at the desk', url: `${DESK}/incidents/${cell}`, targetBlank: true }],
});

const panelOf = (panel, dialect) => {
  const query = texts.get(panel.query);
  if (query === undefined) throw new Error(`there is no saved query ${panel.query}`);
  const built = new builders[panel.kind]()
    .title(panel.title)
    .description(`Saved query ${panel.query}. ${query.summary}`)
    .datasource(source(dialect))
    .span(panel.width)
    .height(panel.height)
    .withTarget(target[dialect](inGrafana(query, dialect)));
  for (const [column, value] of Object.entries(linksOf(dialect)))
    built.overrideByName(column, [{ id: 'links', value }]);
  return panel.columns === undefined
    ? built
    : built.transformations([
        { id: 'filterFieldsByName', options: { include: { names: [...panel.columns] } } },
      ]);
};

const boardOf = (board, dialect) => {
  const builder = new dashboard.DashboardBuilder(board.title)
    .uid(`${board.uid}-${dialect}`)
    .tags(['cylinder-sentinel', dialect])
    .timezone('utc')
    .time({ from: 'now-7d', to: 'now' })
    .withVariable(
      new dashboard.DatasourceVariableBuilder('datasource').label('Data source').type(PLUGINS[dialect]),
    )
    .withVariable(new dashboard.TextBoxVariableBuilder('cylinder').label('Cylinder (all where empty)'))
    .withVariable(new dashboard.TextBoxVariableBuilder('site').label('Site (all where empty)'))
    .withVariable(
      new dashboard.TextBoxVariableBuilder('desk').label('Desk').defaultValue('http://127.0.0.1:8080'),
    )
    .link(
      new dashboard.DashboardLinkBuilder('Cylinder dashboards')
        .type('dashboards')
        .tags(['cylinder-sentinel', dialect])
        .includeVars(true)
        .keepTime(true),
    )
    .link(new dashboard.DashboardLinkBuilder('Desk').type('link').url(DESK).targetBlank(true));
  if (dialect === 'timestream')
    builder.withVariable(
      new dashboard.TextBoxVariableBuilder('database').label('Database').defaultValue('telemetry'),
    );
  for (const panel of board.panels) builder.withPanel(panelOf(panel, dialect));
  return `${JSON.stringify(builder.build(), null, 2)}\n`;
};

const isCheck = process.argv.includes('--check');
let wrong = 0;
for (const dialect of ['athena', 'timestream'])
  for (const board of BOARDS) {
    const file = join(here, 'dashboards', `${board.uid}-${dialect}.json`);
    const text = boardOf(board, dialect);
    if (!isCheck) writeFileSync(file, text);
    else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
      process.stderr.write(`${file} is not what npm run grafana makes\n`);
      wrong += 1;
    }
  }
process.exitCode = wrong === 0 ? 0 : 1;

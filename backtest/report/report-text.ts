import { basename } from 'node:path';
import { type Paint, type TextColumn, titledTable } from '../../local/console/screen.ts';
import { durationText, utcText } from '../../notification/time-text.ts';
import { type Backtest, type NamedPolicy, resultOf, sumUp } from '../backtest.ts';
import type { PolicyOutcome } from '../outcome-log.ts';
import type { Tally } from '../recordings/recording-tally.ts';
import { differenceLines } from './difference-text.ts';
import {
  episodeTable,
  INCIDENT_COLUMNS,
  incidentRows,
  letterOf,
  NOTHING,
  notifiesText,
  SCORE_COLUMNS,
  scoreRows,
  type Verdict,
} from './incident-rows.ts';

const VERDICT_STYLES: Readonly<Record<Verdict, 'green' | 'red' | 'dim' | null>> = {
  'true alarm': 'green',
  'false alarm': 'red',
  'not told': 'dim',
  alarm: null,
};

const section = (title: string, lines: readonly string[], paint: Paint): string[] => {
  const [head = '', ...rest] = lines;
  return ['', paint('bold', title), paint('dim', `  ${head}`), ...rest.map((line) => `  ${line}`)];
};

const policyLines = ({ policies }: Backtest): string[] =>
  policies.map(({ name, book }, index) => {
    const { notifyFrom } = book.default;
    return `policy ${letterOf(index)}: ${name}; people are told from ${notifyFrom} on, ${notifiesText(book.default)}`;
  });

const recordedLine = ({ recordings }: Backtest): string => {
  const samples = recordings.reduce((sum, { facts }) => sum + facts.samples, 0);
  const spanMs = recordings.reduce((sum, { facts }) => sum + facts.lastMs - facts.firstMs, 0);
  const files = recordings.length === 1 ? '1 recording' : `${recordings.length} recordings`;
  return `${files}, ${samples} samples over ${durationText(spanMs)}`;
};

const scoreSection = (backtest: Backtest, paint: Paint): string[] => {
  const rows = scoreRows(backtest);
  const columns = [{ title: 'recording' }, { title: 'policy' }, ...SCORE_COLUMNS];
  const lines = titledTable(
    columns,
    rows.map(({ recording, policy, cells }) => [recording, policy, ...cells]),
  );
  const painted = lines.map((line, index) =>
    rows[index - 1]?.isTotal === true ? paint('bold', line) : line,
  );
  const isLabelled = backtest.recordings.some(({ facts }) => facts.isLabelled);
  const note = isLabelled ? [] : [`${NOTHING}: the recordings have no labels to hold the alarms against`];
  return section('alarms', [...painted, ...note], paint);
};

const incidentSection = (backtest: Backtest, paint: Paint): string[] => {
  const rows = incidentRows(backtest);
  if (rows.length === 0) return ['', `${paint('bold', 'incidents')}: none`];
  const lines = titledTable(
    INCIDENT_COLUMNS,
    rows.map(({ cells }) => cells),
  ).map((line, index) => {
    const verdict = rows[index - 1]?.verdict;
    const style = verdict === undefined ? null : VERDICT_STYLES[verdict];
    if (verdict === undefined || style === null) return line;
    return line.slice(0, -verdict.length) + paint(style, verdict);
  });
  return section('incidents', lines, paint);
};

const episodeSection = (backtest: Backtest, paint: Paint): string[] => {
  const { columns, rows } = episodeTable(backtest);
  return rows.length === 0 ? [] : section('labelled episodes', titledTable(columns, rows), paint);
};

const signed = (value: number): string => (value > 0 ? `+${value}` : String(value));

/** How many notices of each type each policy made, over all recordings. */
const noticeTable = ({
  policies,
  recordings,
}: Backtest): { columns: readonly TextColumn[]; rows: readonly string[][] } => {
  const compares = policies.length > 1;
  const types = new Set(
    recordings.flatMap(({ results }) => results.flatMap(({ notices }) => Object.keys(notices))),
  );
  const countOf = (type: string, policy: number): number =>
    recordings.reduce((sum, { results }) => sum + (results[policy]?.notices[type] ?? 0), 0);
  const rows = [...types].sort().map((type) => {
    const counts = policies.map((_, index) => countOf(type, index));
    const [first = 0, second = 0] = counts;
    return [type, ...counts.map(String), ...(compares ? [signed(second - first)] : [])];
  });
  const columns = [
    { title: 'type' },
    ...policies.map((_, index) => ({ title: compares ? letterOf(index) : 'told', right: true })),
    ...(compares ? [{ title: 'B − A', right: true }] : []),
  ];
  return { columns, rows };
};

const noticeSection = (backtest: Backtest, paint: Paint): string[] => {
  const { columns, rows } = noticeTable(backtest);
  if (rows.length === 0) return ['', `${paint('bold', 'notices')}: none`];
  return section('notices', titledTable(columns, rows), paint);
};

/** The report for a terminal, line by line. */
export const reportLines = (backtest: Backtest, paint: Paint): readonly string[] => [
  ...policyLines(backtest),
  recordedLine(backtest),
  ...backtest.warnings.map((text) => paint('yellow', `warning: ${text}`)),
  ...scoreSection(backtest, paint),
  ...incidentSection(backtest, paint),
  ...episodeSection(backtest, paint),
  ...noticeSection(backtest, paint),
  ...differenceLines(backtest, paint),
];

/** What a run over a recording read and stored. */
export type RunResult = Readonly<{
  tally: Tally;
  stored: number;
  repeated: number;
  quarantined: number;
}>;

/** What the policy of a run made of its recording. */
type RanPolicy = Readonly<{ file: string; policy: NamedPolicy; outcome: PolicyOutcome }>;

const KNOWN =
  'all of this recording was in the data folder before: its incidents were told then (without --data each run starts anew)';

/** A run as a backtest of one policy on one recording, so that both are judged and told alike. */
const asBacktest = ({ firstMs, lastMs, ...tally }: Tally, ran: RanPolicy): Backtest => {
  const { file, policy, outcome } = ran;
  const facts = {
    ...tally,
    firstMs: firstMs ?? 0,
    lastMs: lastMs ?? 0,
    traces: new Map(),
    sensors: new Map(),
  };
  const results = [resultOf(outcome, null)];
  return sumUp([policy], [{ file, name: basename(file), facts, results, difference: null }]);
};

/** The summary of a recording that has been read to its end, line by line: what was read, and the report of a backtest. */
export const summaryLines = (result: RunResult, ran: RanPolicy, paint: Paint): readonly string[] => {
  const { tally, stored, repeated, quarantined } = result;
  const isKnown = stored === 0 && repeated > 0;
  const span =
    tally.firstMs === null || tally.lastMs === null
      ? ''
      : ` over ${durationText(tally.lastMs - tally.firstMs)}, ${utcText(tally.firstMs)} to ${utcText(tally.lastMs)}`;
  const gaps = tally.gaps === 0 ? 'none' : `${tally.gaps}, the longest ${durationText(tally.longestGapMs)}`;
  return [
    `samples: ${tally.samples}${span}; ${stored} stored, ${repeated} repeated, ${quarantined} quarantined`,
    `gaps: ${gaps}`,
    ...(isKnown ? [KNOWN] : reportLines(asBacktest(tally, ran), paint)),
  ];
};

import type { Paint } from '../local/console/paint.ts';
import { durationText } from '../notification/time-text.ts';
import type { Backtest } from './backtest.ts';
import { differenceLines } from './difference-text.ts';
import { episodeTable } from './episode-rows.ts';
import { INCIDENT_COLUMNS, incidentRows } from './incident-rows.ts';
import { letterOf } from './names.ts';
import { noticeTable } from './notice-rows.ts';
import { NOTHING, SCORE_COLUMNS, scoreRows } from './score-rows.ts';
import { textTable } from './text-table.ts';
import type { Verdict } from './verdict.ts';

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
    const { notifyFrom, levels } = book.default;
    const afterMs = levels.find(({ severity }) => severity === notifyFrom)?.afterMs ?? 0;
    const when = afterMs === 0 ? 'at once' : `after ${durationText(afterMs)} active`;
    return `policy ${letterOf(index)}: ${name}; people are told from ${notifyFrom} on, ${when}`;
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
  const lines = textTable(
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
  const lines = textTable(
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
  return rows.length === 0 ? [] : section('labelled episodes', textTable(columns, rows), paint);
};

const noticeSection = (backtest: Backtest, paint: Paint): string[] => {
  const { columns, rows } = noticeTable(backtest);
  if (rows.length === 0) return ['', `${paint('bold', 'notices')}: none`];
  return section('notices', textTable(columns, rows), paint);
};

/** The report for a terminal, line by line. */
export const reportLines = (backtest: Backtest, paint: Paint): readonly string[] => [
  ...policyLines(backtest),
  recordedLine(backtest),
  ...scoreSection(backtest, paint),
  ...incidentSection(backtest, paint),
  ...episodeSection(backtest, paint),
  ...noticeSection(backtest, paint),
  ...differenceLines(backtest, paint),
];

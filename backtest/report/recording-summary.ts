import { basename } from 'node:path';
import type { Paint } from '../../local/console/screen.ts';
import { durationText, utcText } from '../../notification/time-text.ts';
import { type Backtest, type NamedPolicy, resultOf, sumUp } from '../backtest.ts';
import type { PolicyOutcome } from '../outcome-log.ts';
import type { Tally } from '../recordings/recording-tally.ts';
import { reportLines } from './report-text.ts';

/** What a run over a recording read and stored. */
export type RunResult = Readonly<{
  tally: Tally;
  stored: number;
  repeated: number;
  quarantined: number;
}>;

/** What the policy of a run made of its recording. */
export type RanPolicy = Readonly<{ file: string; policy: NamedPolicy; outcome: PolicyOutcome }>;

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

import { createHash } from 'node:crypto';
import { createOutcomeLog } from '../../backtest/outcome-log.ts';
import { recordingFile } from '../../backtest/recordings/open-table.ts';
import { tallied } from '../../backtest/recordings/recording-tally.ts';
import { thinFault } from '../../backtest/sampling-warnings.ts';
import type { PolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import type { Mapping } from '../../domain/mapping/mapping.ts';
import { isLiveKind } from '../../edge/gateway/live-source.ts';
import type { Model } from '../../edge/model/model.ts';
import { openRecording, type Recording } from '../../edge/recordings/recording.ts';
import type { TableMap } from '../../edge/recordings/table.ts';
import { realClock } from '../../edge/timing/timing.ts';
import { recordingClock, runFeed, sweepByRecording } from '../../local/run/run-time.ts';
import { liveSources } from '../edge/edge-sources.ts';
import { tableMapFor } from '../options/map-file.ts';
import { LINE_MODEL, openModel } from '../options/open-model.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { planLive } from './plan-live.ts';
import { planByClock, planDevices, planLine } from './run-live.ts';
import type { FeedPlan, RunOptions } from './run-options.ts';

/** A recording that was found sound, the file it is in, and the model that scores it. */
type Recorded = Readonly<{ input: string; recording: Recording; model: Model; challenger: Model | null }>;

const SWEEP_EVERY_MS = 60_000;
const GATEWAY = 'recording';

/** The name of a recording's start: the same recording read again stores nothing twice. */
const bootOf = ({ cylinders, samples, firstMs, lastMs }: Recording): string =>
  createHash('sha256')
    .update(JSON.stringify([cylinders, samples, firstMs, lastMs]))
    .digest('hex')
    .slice(0, 26);

/** A recording at its own pace, or so many times as fast. */
const planPacedRecording = (
  { input, recording, model, challenger }: Recorded,
  policies: PolicyBook,
  speed: number,
): FeedPlan =>
  planByClock(
    () => realClock(speed, recording.firstMs),
    { policies, speed },
    `${input}, by its own clock${speed === 1 ? '' : `, ${speed} times as fast`}`,
    (local, clock, signal) =>
      runFeed(
        {
          source: recording.source,
          gateway: GATEWAY,
          boot: bootOf(recording),
          model,
          challenger,
          clock,
          pace: 'clock',
        },
        local.port,
        signal,
      ),
  );

/** A recording read as fast as it goes, by the time of its own samples. */
const planWholeRecording = (
  { input, recording, model, challenger }: Recorded,
  policies: PolicyBook,
): FeedPlan => {
  const { samplePeriodMs } = policies.default;
  const staleMs = recording.cylinders.map((cylinder) => policies.of(cylinder).staleAfterMs);
  const outcome = createOutcomeLog(policies.of);
  let onReceived: (now: number) => void = () => undefined;
  return {
    clockFrom: () => recordingClock(recording.firstMs),
    outcome,
    onReceived: (now) => onReceived(now),
    feed: (local, signal) => {
      onReceived = sweepByRecording(local.sweep, SWEEP_EVERY_MS, recording.firstMs);
      const { source, tally } = tallied(recording.source, samplePeriodMs, outcome.take);
      const read = async (): Promise<void> => {
        const clock = realClock(1);
        await runFeed(
          { source, gateway: GATEWAY, boot: bootOf(recording), model, challenger, clock, pace: 'arrival' },
          local.port,
          signal,
        );
        // Nothing comes after the end of a recording: what still waits for stragglers is judged.
        await local.sweep(local.clock.now() + Math.max(0, ...staleMs));
      };
      return { description: `${input}, as fast as it goes`, ends: true, done: read(), tally };
    },
  };
};

const openInput = async (
  path: string,
  policies: PolicyBook,
  map: TableMap | undefined,
): Promise<Recording> => {
  const opened = await openRecording(recordingFile(path, map));
  if (!opened.ok) throw new UsageError(opened.error.message);
  const thin = thinFault(path, opened.recording.spacings, policies.of);
  if (thin !== null) throw new UsageError(thin);
  return opened.recording;
};

/** Opens what the run is to be fed with. Rejects with a line that says what to do. */
export const planFeed = async (
  options: RunOptions,
  policies: PolicyBook,
  mapping?: Mapping,
): Promise<FeedPlan> => {
  const { source, input = '', untilEnd = false, speed = 1 } = options;
  if (source === 'none') return planDevices(policies);
  const model = await openModel(options.model ?? LINE_MODEL, options.trees);
  const challenger = options.challenger === undefined ? null : await openModel(options.challenger);
  if (isLiveKind(source))
    return planLive(await liveSources(source, mapping), policies, { model, challenger });
  if (source !== 'csv') return planLine({ ...options, source, speed }, policies, { model, challenger });
  const map = await tableMapFor(mapping, options.labels);
  const recorded = { input, recording: await openInput(input, policies, map), model, challenger };
  return untilEnd ? planWholeRecording(recorded, policies) : planPacedRecording(recorded, policies, speed);
};

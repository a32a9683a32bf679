import type { PolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import { openRecording, type Recording } from '../../edge/sources/recording.ts';
import { LINE_MODEL, openModel } from '../options/open-model.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { planDevices, planLine } from './run-live.ts';
import type { FeedPlan, RunOptions } from './run-options.ts';
import { planPacedRecording, planWholeRecording } from './run-recording.ts';

const openInput = async (path: string): Promise<Recording> => {
  const opened = await openRecording(path);
  if (!opened.ok) throw new UsageError(opened.error.message);
  return opened.recording;
};

/** Opens what the run is to be fed with. Rejects with a line that says what to do. */
export const planFeed = async (options: RunOptions, policies: PolicyBook): Promise<FeedPlan> => {
  const { source, input = '', untilEnd = false, speed = 1 } = options;
  if (source === 'none') return planDevices(policies);
  const model = await openModel(options.model ?? LINE_MODEL);
  if (source !== 'csv') return planLine({ ...options, source, speed }, policies, model);
  const recorded = { input, recording: await openInput(input), model };
  return untilEnd ? planWholeRecording(recorded, policies) : planPacedRecording(recorded, policies, speed);
};

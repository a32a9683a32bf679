import * as v from 'valibot';
import { startProcess } from '../processes/start-process.ts';
import { type Cost, CYLINDERS, type Load, START_MS, underLoad } from './under-load.ts';

const counts = v.object({ stored: v.number(), notices: v.number(), incidents: v.number() });

/** Our own pipeline under a load. Rejects when it did not store every sample. */
export const measurePipeline = async (load: Load): Promise<Cost & v.InferOutput<typeof counts>> => {
  const { samplesPerMessage, warmUp, messages } = load;
  const pipeline = startProcess({
    script: './pipeline.ts',
    args: [JSON.stringify({ startMs: START_MS, msPerMessage: (1000 * samplesPerMessage) / CYLINDERS })],
  });
  try {
    const cost = await underLoad(pipeline, await pipeline.ask(v.number(), 'port'), load);
    const counted = await pipeline.ask(counts, 'close');
    const sent = (warmUp + messages) * samplesPerMessage;
    if (counted.stored !== sent) throw new Error(`${counted.stored} of ${sent} samples were stored`);
    return { ...cost, ...counted };
  } finally {
    await pipeline.end();
  }
};

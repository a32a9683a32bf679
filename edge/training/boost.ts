import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { SensorValues } from '../../domain/message/sample.ts';
import { SENSORS } from '../../domain/message/sample.ts';
import type { BoosterRecord } from '../model/formats/booster-record.ts';
import { readBinary } from '../model/formats/read-binary.ts';

export type BoostRequest = Readonly<{
  rows: readonly SensorValues[];
  /** 1 is abnormal, 0 is not; one for each row. */
  labels: readonly number[];
  rounds: number;
  depth: number;
  learningRate: number;
  /** How many normal rows one abnormal row counts for. */
  positiveWeight: number;
}>;

/** ml-xgboost copies its rows to a stack of 5 MB. */
export const MAX_ROWS = 100_000;

/** Trains gradient-boosted trees with ml-xgboost on at most MAX_ROWS rows; equal input gives equal trees. */
export const boost = async (request: BoostRequest): Promise<BoosterRecord> => {
  if (request.rows.length > MAX_ROWS) throw new Error(`more than ${MAX_ROWS} rows for one training`);
  const worker = new Worker(new URL('./boost-worker.ts', import.meta.url), {
    workerData: request,
    stdout: true,
    stderr: true,
  });
  const [model] = await once(worker, 'message');
  await worker.terminate();
  if (!(model instanceof Uint8Array)) throw new Error('ml-xgboost gave no model');
  // Its base margin is 0: the file means the same to every version, so it can say a present one.
  return { ...readBinary(model), xgboost: [1, 7], baseScore: 0.5, featureNames: SENSORS };
};

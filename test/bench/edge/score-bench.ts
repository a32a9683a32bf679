import * as v from 'valibot';
import type { Bench, Figure } from '../figure.ts';
import { installPeer } from '../pipeline/install-peer.ts';
import { startProcess } from '../processes/start-process.ts';
import { SIZES } from './forests.ts';
import { pythonContributions } from './python-contributions.ts';

const ONNX = ['onnxruntime-node', '1.30.0'] as const;

const figures = v.object({
  score: v.number(),
  contributions: v.number(),
  mlXgboost: v.number(),
  onnxruntime: v.optional(v.number()),
  nodes: v.number(),
});

async function* run(): AsyncGenerator<Figure | string> {
  const onnxFolder = await installPeer(...ONNX).catch(() => null);
  if (onnxFolder === null) yield 'onnxruntime-node cannot be installed here: left out';
  for (const size of SIZES) {
    const name = `${size.trees} trees of depth ${size.depth}`;
    const process = startProcess({ script: '../edge/one-row.ts' });
    try {
      const about = { ...size, onnxFolder };
      const { score, contributions, mlXgboost, onnxruntime, nodes } = await process.ask(
        figures,
        'measure',
        about,
      );
      yield `${name}: ${nodes} nodes`;
      yield { what: 'one row, ours', value: score, unit: 'µs' };
      yield { what: 'one row, ml-xgboost', value: mlXgboost, unit: 'µs' };
      yield { what: 'ml-xgboost / ours', value: mlXgboost / score, unit: 'times', atLeast: 10 };
      if (onnxruntime !== undefined) {
        yield { what: 'one row, onnxruntime-node', value: onnxruntime, unit: 'µs' };
        yield { what: 'onnxruntime-node / ours', value: onnxruntime / score, unit: 'times', atLeast: 12 };
      }
      yield { what: 'contributions of one row, ours', value: contributions, unit: 'µs', atMost: 250 };
      const python = await pythonContributions(await process.ask(v.string(), 'json', about));
      if (!python.ok) yield `contributions by Python: skipped, ${python.reason}`;
      else {
        const what = `contributions of one row, Python xgboost ${python.version}`;
        yield { what, value: python.microseconds, unit: 'µs' };
        yield {
          what: 'Python / ours',
          value: python.microseconds / contributions,
          unit: 'times',
          atLeast: 3,
        };
      }
    } finally {
      await process.end();
    }
  }
}

/** One row by our scorer beside its peers, in one run; all of them give the same probabilities. */
export const scoreBench: Bench = {
  name: 'score',
  summary: 'one row, and its contributions, beside ml-xgboost, onnxruntime-node and Python',
  run,
};

import * as v from 'valibot';
import { type CylinderInput, foldCylinder } from '../../../domain/alarm/fold-cylinder.ts';
import { DEFAULT_POLICY, type Policy } from '../../../domain/alarm/policy/policy.ts';
import type { CylinderState } from '../../../domain/alarm/state/state.ts';
import { isWorn } from '../traffic.ts';
import { answer } from './answer.ts';

/** Folds the samples of one cylinder, and nothing else. */

const options = v.object({ windowSlots: v.number(), samplesPerMessage: v.number(), samples: v.number() });
type Options = v.InferOutput<typeof options>;

const CYLINDER = 'cyl-000';
const START_MS = Date.UTC(2026, 0, 5, 6);

const inputsOf = ({ samplesPerMessage, samples }: Options): CylinderInput[] =>
  Array.from({ length: samples / samplesPerMessage }, (_, message) => {
    const first = message * samplesPerMessage;
    return {
      kind: 'samples',
      receivedAt: START_MS + (first + samplesPerMessage) * 1000,
      samples: Array.from({ length: samplesPerMessage }, (_, index) => ({
        cylinder: CYLINDER,
        gateway: 'line-1',
        t: START_MS + (first + index) * 1000,
        boot: null,
        seq: null,
        model: null,
        values: [50, 2.3, 1.9, 3.4, 41, 1180],
        // Odd samples are abnormal by themselves, and a worn cylinder is for a third of the hour.
        probability: isWorn(0, first + index) || (first + index) % 97 === 0 ? 0.9 : 0.1,
        why: null,
      })),
    };
  });

const fold = (options: Options): number => {
  const policy: Policy = { ...DEFAULT_POLICY, windowMs: options.windowSlots * DEFAULT_POLICY.samplePeriodMs };
  const inputs = inputsOf(options);
  let state: CylinderState | null = null;
  const started = process.cpuUsage();
  for (const input of inputs) ({ state } = foldCylinder(CYLINDER, state, input, policy));
  const { user, system } = process.cpuUsage(started);
  return (1000 * (user + system)) / options.samples;
};

answer({ fold: (about) => fold(v.parse(options, about)) });

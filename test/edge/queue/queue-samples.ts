import type { QueuedSample } from '../../../edge/message/encode-message.ts';

/** A sample of a cylinder, `seq` seconds after `startMs`. */
export const queuedSample = (cylinder: string, seq: number, startMs = 0, boot = 'boot-1'): QueuedSample => ({
  origin: { cylinder, boot, model: 'm@1' },
  sample: {
    t: startMs + seq * 1000,
    seq,
    values: [20 + seq, null, 1.25, -3, 0, 1180],
    probability: 0.25,
    why: [0.5, 0, -0.25, 0, 0, 1],
  },
});

/** Samples `from` to `to` − 1 of a cylinder. */
export const queuedSamples = (cylinder: string, from: number, to: number, boot = 'boot-1'): QueuedSample[] =>
  Array.from({ length: to - from }, (_, index) => queuedSample(cylinder, from + index, 0, boot));

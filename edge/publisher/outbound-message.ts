import { encodeMessages, type ScoredSample, type TakenSample } from '../message/encode-message.ts';

/** A message on its way, and what to do when it has arrived or has not. */
export type OutboundMessage = Readonly<{
  topic: string;
  payload: string;
  /** Samples in it; 0 for a status. */
  samples: number;
  arrived(): void;
  failed(): void;
}>;

/**
 * Messages for samples from the queue, each of one origin, in the order of their first samples: no cylinder runs ahead of
 * the others by more than a message.
 */
export const packSamples = (
  gateway: string,
  taken: readonly TakenSample[],
  settle: Readonly<{
    arrived(samples: readonly TakenSample[]): void;
    failed(samples: readonly TakenSample[]): void;
  }>,
): readonly OutboundMessage[] => {
  const groups = new Map<number, [first: TakenSample, ...rest: TakenSample[]]>();
  for (const sample of taken) {
    const group = groups.get(sample.originId);
    if (group === undefined) groups.set(sample.originId, [sample]);
    else group.push(sample);
  }
  const messages: Readonly<{ t: number; message: OutboundMessage }>[] = [];
  for (const group of groups.values()) {
    const scored = group.map(({ sample }): ScoredSample => sample);
    let from = 0;
    for (const { topic, payload, samples } of encodeMessages({ gateway, ...group[0].origin }, scored)) {
      const own = group.slice(from, from + samples);
      from += samples;
      const message = {
        topic,
        payload,
        samples,
        arrived: () => settle.arrived(own),
        failed: () => settle.failed(own),
      };
      messages.push({ t: own[0]?.sample.t ?? 0, message });
    }
  }
  return messages.sort((one, other) => one.t - other.t).map(({ message }) => message);
};

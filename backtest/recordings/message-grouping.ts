import type { StoredSample } from '../../usecases/ports/telemetry.ts';
import type { LabelledSample, RecordedMessage } from './recording.ts';

/** Puts stored samples, in the order in which they were received, back into messages: what came at once of one cylinder. */
export const createMessageGrouping = (): Readonly<{
  /** Gives the message before this sample, where the sample begins another. */
  add(sample: StoredSample): readonly RecordedMessage[];
  end(): readonly RecordedMessage[];
}> => {
  let gateway = '';
  let cylinder = '';
  let receivedAt = Number.NaN;
  let samples: LabelledSample[] = [];

  const end = (): readonly RecordedMessage[] => {
    const message = { gateway, receivedAt, samples };
    samples = [];
    return message.samples.length === 0 ? [] : [message];
  };

  return {
    add: ({ receivedAt: at, ...sample }) => {
      const isSame = at === receivedAt && sample.gateway === gateway && sample.cylinder === cylinder;
      const before = isSame ? [] : end();
      ({ gateway, cylinder } = sample);
      receivedAt = at;
      samples.push({ ...sample, label: null });
      return before;
    },
    end,
  };
};

import type { StoredSample } from '../usecases/ports/telemetry.ts';
import type { Heard, LabelledSample } from './heard.ts';

/** Puts stored samples, in the order in which they were received, back into messages: what came at once of one cylinder. */
export const createMessageGrouping = (): Readonly<{
  /** Gives the message before this sample, where the sample begins another. */
  add(sample: StoredSample): readonly Heard[];
  end(): readonly Heard[];
}> => {
  let gateway = '';
  let cylinder = '';
  let receivedAt = Number.NaN;
  let samples: LabelledSample[] = [];

  const end = (): readonly Heard[] => {
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

import * as v from 'valibot';

const question = v.object({ id: v.number(), ask: v.string(), about: v.optional(v.unknown()) });

/** Answers the questions that the process which started this one asks, each by its name. */
export const answer = (
  answers: Readonly<Record<string, (about: unknown) => Promise<unknown> | unknown>>,
): void => {
  // Whoever asks has gone, or has no more to ask.
  process.once('disconnect', () => process.exit());
  process.on('message', async (message) => {
    const { id, ask, about } = v.parse(question, message);
    const given = answers[ask];
    if (given === undefined) throw new Error(`nobody answers ${ask}`);
    process.send?.({ id, answer: await given(about) });
  });
};

/** A message as gateways send it, and when it was made. */
export type LineMessage = Readonly<{ topic: string; payload: string }>;

type Course = Readonly<{
  gateway: string;
  cylinder: string;
  /** Event time of the first sample, ms. */
  from: number;
  /** A letter for each second: `A` abnormal, `n` normal. */
  pattern: string;
  boot?: string;
  firstSeq?: number;
}>;

const BATCH = 10;

const sampleOf = (letter: string, t: number, seq: number) => ({
  t,
  seq,
  rVibration_Temp: letter === 'A' ? 71.5 : 48.2,
  rVibration_Z_RMS_Velocity: letter === 'A' ? 6.4 : 2.31,
  rVibration_X_RMS_Velocity: 1.92,
  wRMSCurrent: 3.4,
  wCurrentLoad: 41,
  wEncoderVelocity: 1180,
  probability: letter === 'A' ? 0.93 : 0.04,
  why: [1.8, 2.2, 0.2, 0.1, 0.1, -0.1],
});

/** The messages of one cylinder: ten samples each, a second apart. */
export const messagesOf = ({
  gateway,
  cylinder,
  from,
  pattern,
  boot = '01JDDEPLOY',
  firstSeq = 0,
}: Course): readonly LineMessage[] => {
  const samples = [...pattern].map((letter, index) =>
    sampleOf(letter, from + index * 1000, firstSeq + index),
  );
  const messages: LineMessage[] = [];
  for (let start = 0; start < samples.length; start += BATCH) {
    const payload = { v: 1, cylinder, boot, model: 'test@1', samples: samples.slice(start, start + BATCH) };
    messages.push({
      topic: `greengrass/ml/inference/${gateway}/${cylinder}`,
      payload: JSON.stringify(payload),
    });
  }
  return messages;
};

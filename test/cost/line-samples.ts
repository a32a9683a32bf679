import { openModel } from '../../cli/options/open-model.ts';
import { received } from '../../domain/message/read-message.ts';
import { createScorer } from '../../edge/gateway/run-gateway.ts';
import { encodeMessages } from '../../edge/message/encode-message.ts';
import { createLine } from '../../edge/simulator/line.ts';
import type { StoredSample } from '../../usecases/ports/telemetry.ts';

const MODEL = new URL('../../edge/model/simulated-line.json', import.meta.url);
const START_MS = 1_795_468_204_000;

export type LineMessage = Readonly<{ bytes: number; samples: readonly StoredSample[] }>;

/** Messages of ten samples as gateways with five cylinders each encode them, in no order of gateways. */
export const lineMessages = async (gateways: number): Promise<readonly LineMessage[]> => {
  const { score } = createScorer(await openModel(MODEL.pathname));
  const line = createLine({ cylinders: 5, seed: 7, startMs: START_MS });
  const scored = Array.from({ length: 10 }, (_, second) => {
    const t = START_MS + 3_600_000 + second * 1000;
    return line.at(t).map(({ values }) => ({ t, seq: 2_000_000 + second, values, ...score(values) }));
  });
  const messages = line.names.flatMap((cylinder, index) =>
    Array.from({ length: gateways }, (_, number) => {
      const gateway = `line-${String(number).padStart(2, '0')}`;
      const boot = `3f8a2c1e-7b4d-4e6f-9a0b-1c2d3e4f${1000 + number}`;
      const model = 'anomaly-detection@1.2.0';
      const sender = { gateway, cylinder: `${gateway}-${cylinder}`, boot, model };
      return {
        gateway,
        encoded: encodeMessages(
          sender,
          scored.flatMap((row) => row[index] ?? []),
        ),
      };
    }),
  );
  return messages.flatMap(({ gateway, encoded }) =>
    encoded.map(({ topic, payload }) => {
      const receivedAt = START_MS + 3_611_123;
      const { reading } = received({ topic, body: Buffer.from(payload), receivedAt, client: gateway });
      return {
        bytes: Buffer.byteLength(payload),
        samples: reading.samples.map((sample) => ({ ...sample, receivedAt })),
      };
    }),
  );
};

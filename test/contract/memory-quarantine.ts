import type { RawMessage } from '../../domain/message/raw-message.ts';
import type { Quarantine, QuarantineRecord } from '../../usecases/ports/quarantine.ts';

const nameOf = ({ topic, body, receivedAt }: RawMessage): string =>
  JSON.stringify([topic, receivedAt, Buffer.from(body).toString('hex')]);

/** A quarantine that keeps its port's contract in memory. */
export const memoryQuarantine = (): Quarantine & Readonly<{ list(): readonly QuarantineRecord[] }> => {
  const kept = new Map<string, QuarantineRecord>();
  return {
    put(records) {
      for (const record of records) {
        const name = nameOf(record.raw);
        if (!kept.has(name)) kept.set(name, record);
      }
      return Promise.resolve();
    },
    list: () => [...kept.values()],
  };
};

import type { Outbox, OutboxEntry, OutboxItem } from '../../usecases/ports/outbox.ts';
import type { Telemetry } from '../../usecases/ports/telemetry.ts';
import type { Twins } from '../../usecases/ports/twins.ts';
import type { TellOnce, ToldItem } from './tell-once.ts';

export type RelayPorts = Readonly<{
  outbox: Outbox;
  tellOnce: TellOnce;
  /** Tells of notices and transitions, in this order; they are out when this returns. */
  tell: (items: readonly ToldItem[]) => void;
  /** Says what may have been told before a crash, or may not. */
  tellDoubtful: (items: readonly ToldItem[]) => void;
  telemetry: Pick<Telemetry, 'recordIncident'>;
  twins: Twins;
}>;

export type Relay = Readonly<{
  /** Sends out all that waits; one run at a time. Rejects when a service failed: what was not sent still waits. */
  drain(): Promise<void>;
}>;

type ToldEntry = Readonly<{ id: number; item: ToldItem }>;

const AT_ONCE = 200;
/** As many lines as a pipe takes in one piece, whoever reads it and however slowly. */
const TOLD_AT_ONCE = 8;

const isTold = (item: OutboxItem): item is ToldItem => item.kind === 'notice' || item.kind === 'transition';

const send = async ({ telemetry, twins }: RelayPorts, item: OutboxItem): Promise<void> => {
  if (item.kind === 'incident') await telemetry.recordIncident(item.incident);
  if (item.kind === 'twin') await twins.report(item.cylinder, item.twin, item.version);
};

const tellAll = async ({ tellOnce, tell }: RelayPorts, entries: readonly ToldEntry[]): Promise<void> => {
  for (let start = 0; start < entries.length; start += TOLD_AT_ONCE) {
    const some = entries.slice(start, start + TOLD_AT_ONCE);
    await tellOnce.tell(
      some.map(({ id }) => id),
      () => tell(some.map(({ item }) => item)),
    );
  }
  if (entries.length > 0) await tellOnce.told();
};

/**
 * Carries what the ledger's outbox holds to where it belongs: first what people are waiting for, each once; then what
 * only says again what is stored already, so that it is crossed off together when all of it is out.
 */
export const createRelay = (ports: RelayPorts): Relay => {
  const { outbox, tellOnce, tellDoubtful } = ports;
  let running: Promise<void> | null = null;
  let again = false;
  let isFirst = true;

  const clearDoubts = async (): Promise<void> => {
    const items = await tellOnce.doubtful();
    if (items.length === 0) return;
    tellDoubtful(items);
    await tellOnce.told();
  };

  const sendAll = async (entries: readonly OutboxEntry[]): Promise<void> => {
    const told = entries.flatMap(({ id, item }): ToldEntry[] => (isTold(item) ? [{ id, item }] : []));
    const others = entries.filter(({ item }) => !isTold(item));
    await tellAll(ports, told);
    for (const { item } of others) await send(ports, item);
    await outbox.done(others.map(({ id }) => id));
  };

  const run = async (): Promise<void> => {
    try {
      if (isFirst) await clearDoubts();
      isFirst = false;
      do {
        again = false;
        for (
          let left = await outbox.pending(AT_ONCE);
          left.length > 0;
          left = await outbox.pending(AT_ONCE)
        ) {
          await sendAll(left);
        }
      } while (again);
    } finally {
      running = null;
    }
  };

  return {
    drain: () => {
      again = true;
      running ??= run();
      return running;
    },
  };
};

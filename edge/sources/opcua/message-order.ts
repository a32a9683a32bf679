import type { Notified } from './opcua-module.ts';

/** Asks the server for a message that it has sent before; null where it does not have it any more. */
export type Republish = (sequenceNumber: number) => Promise<Notified | null>;

/** The messages of a subscription in the order of their numbers, over cuts of the connection too. */
export type MessageOrder = Readonly<{
  /** A message has come, by itself or because it was asked for. */
  arrive(message: Notified): void;
  /** The connection is lost: from now on nothing is handed on. */
  hold(): void;
  /**
   * Hands on what has come since `hold`, asks for what lies between and behind, and then holds no more. Resolves with
   * how many messages the server did not have any more; null when the connection was lost again meanwhile.
   */
  release(republish: Republish): Promise<number | null>;
}>;

/** So many messages before one that has come may be asked for: a server keeps but some for each publish request. */
const MAX_ASKED = 1000;

/** A message without data is a keep-alive, and bears the number of the next one that has some. */
const hasData = ({ notificationData }: Notified): boolean => (notificationData?.length ?? 0) > 0;

/**
 * Holds until the first `release`. The library asks for what was sent into a dead connection as well, but from the last
 * number that it has seen on: a new message that comes meanwhile makes it leave out all that lies between.
 * https://reference.opcfoundation.org/Core/Part4/v105/docs/5.14.1 and 6.7
 */
export const createMessageOrder = (take: (message: Notified) => void): MessageOrder => {
  let last: number | null = null;
  let waiting: Notified[] | null = [];
  let turn = 0;

  const accept = (message: Notified, sequenceNumber: number): void => {
    last = sequenceNumber;
    take(message);
  };

  const nextWaiting = (): Notified | undefined => {
    let next: Notified | undefined;
    for (const message of waiting ?? [])
      if (
        hasData(message) &&
        message.sequenceNumber > (last ?? -1) &&
        (next === undefined || message.sequenceNumber < next.sequenceNumber)
      )
        next = message;
    return next;
  };

  return {
    arrive(message) {
      if (waiting !== null) waiting.push(message);
      else if (hasData(message)) accept(message, message.sequenceNumber);
      else take(message);
    },
    hold() {
      turn += 1;
      waiting ??= [];
    },
    async release(republish) {
      turn += 1;
      const own = turn;
      let lost = 0;
      while (true) {
        const before = nextWaiting();
        // Numbers begin with 1.
        last ??= (before?.sequenceNumber ?? 1) - 1;
        if (before?.sequenceNumber === last + 1) {
          accept(before, before.sequenceNumber);
          continue;
        }
        const oldest = (before?.sequenceNumber ?? 0) - MAX_ASKED;
        const wanted = Math.max(last + 1, oldest);
        const again = await republish(wanted);
        if (own !== turn) return null;
        const next = nextWaiting();
        // It came by itself meanwhile.
        if (next?.sequenceNumber === wanted) continue;
        if (again === null && next === undefined) break;
        lost += wanted - last - (again === null ? 0 : 1);
        if (again === null) last = wanted;
        else accept(again, wanted);
      }
      waiting = null;
      return lost;
    },
  };
};

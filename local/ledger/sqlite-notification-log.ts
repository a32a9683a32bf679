import type { DatabaseSync } from 'node:sqlite';
import { noticeBefore } from '../../domain/notice/notice.ts';
import type { Claim, NotificationLog } from '../../usecases/ports/notification-log.ts';
import type { OutboxEntry } from '../../usecases/ports/outbox.ts';
import { gathered } from '../run/gathered.ts';
import { keyText, readEntry } from './sqlite-outbox.ts';
import { explained, promised, quickTransaction } from './transaction.ts';

export type SqliteNotificationLog = NotificationLog &
  Readonly<{
    /** Resolves when all that was sent is noted on the file. */
    noted(): Promise<void>;
    /** What was being sent when the last run was killed: nobody can know whether it got through. Ask before any claim. */
    doubtful(): Promise<readonly OutboxEntry[]>;
  }>;

type Options = Readonly<{
  database: DatabaseSync;
  /** How long a claim holds, ms; no other process can hold one. */
  leaseMs?: number;
}>;

type Asked = Readonly<{ key: string; keyBefore: string | null; now: number }>;

const AMONG = 'notification IN (SELECT value FROM json_each(?))';

/**
 * The notifications among the entries of the outbox. What was written to a pipe cannot be taken back, and it leaves no
 * trace that outlives the process, so that either the sending or the note of it has to come first. Sending first
 * repeats an entry whenever the process is killed by somebody who has just read it. So the claim is on the file before
 * the sending, with little between the two: what is claimed in one turn is one commit, and the disk is not waited for.
 * The note of what was sent comes with the next claim, or when it is asked for: of many that go out one after the other
 * each group is one commit. What a killed run had claimed and not noted is not sent again; it is handed out as doubtful,
 * so that it can be said elsewhere and is never lost in silence. An entry that was noted stays until it is taken off the
 * outbox.
 */
export const createSqliteNotificationLog = ({
  database,
  leaseMs = 60_000,
}: Options): SqliteNotificationLog => {
  const findWaiting = database.prepare(
    `SELECT notification, claimed_until FROM outbox WHERE ${AMONG} AND notified_at IS NULL`,
  );
  const setClaim = database.prepare(`UPDATE outbox SET claimed_until = ? WHERE ${AMONG}`);
  const setNotified = database.prepare(`UPDATE outbox SET notified_at = ? WHERE ${AMONG}`);
  const claimed = database.prepare(
    'SELECT id, item FROM outbox WHERE claimed_until IS NOT NULL AND notified_at IS NULL ORDER BY id',
  );
  let sent: string[] = [];
  let sentAt = 0;

  /** Does work in one commit with the note of all that was sent. */
  const noting = <T>(work: () => T): T =>
    explained(database, () => {
      const result = quickTransaction(database, () => {
        if (sent.length > 0) setNotified.run(sentAt, JSON.stringify(sent));
        return work();
      });
      sent = [];
      return result;
    });

  const claimAll = (asked: readonly Asked[]): readonly Claim[] => {
    const keys = asked.flatMap(({ key, keyBefore }) => (keyBefore === null ? key : [keyBefore, key]));
    const rows = findWaiting.all(JSON.stringify(keys));
    const waiting = new Map(rows.map((row) => [row.notification, Number(row.claimed_until ?? 0)]));
    const mine: string[] = [];
    const claims = asked.map(({ key, keyBefore, now }): Claim => {
      const claimedUntil = waiting.get(key);
      if (claimedUntil === undefined) return 'notified';
      if (now < claimedUntil || (keyBefore !== null && waiting.has(keyBefore))) return 'busy';
      waiting.set(key, now + leaseMs);
      mine.push(key);
      return 'claimed';
    });
    if (mine.length > 0)
      setClaim.run(Math.max(...asked.map(({ now }) => now)) + leaseMs, JSON.stringify(mine));
    return claims;
  };
  const claim = gathered((asked: readonly Asked[]) => noting(() => claimAll(asked)));

  return {
    claim: (subject, id, now) => {
      const before = noticeBefore(id);
      return claim({
        key: keyText(subject, id),
        keyBefore: before === null ? null : keyText(subject, before),
        now,
      });
    },
    notified: (subject, id, now) => {
      sent.push(keyText(subject, id));
      sentAt = now;
      return Promise.resolve();
    },
    release: (subject, id) =>
      promised(database, () => void setClaim.run(null, JSON.stringify([keyText(subject, id)]))),
    noted: () => promised(database, () => (sent.length > 0 ? noting(() => undefined) : undefined)),
    doubtful: () => promised(database, () => noting(() => claimed.all().map(readEntry))),
  };
};

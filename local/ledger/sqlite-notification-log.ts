import type { DatabaseSync } from 'node:sqlite';
import { noticeBefore } from '../../domain/notice/notice.ts';
import type { Claim, NoticeSubject, NotificationLog } from '../../usecases/ports/notification-log.ts';
import type { OutboxEntry } from '../../usecases/ports/outbox.ts';
import { gathered } from '../run/gathered.ts';
import { keyText, readEntry } from './sqlite-outbox.ts';
import { explained, promised, quickTransaction } from './transaction.ts';

export type SqliteNotificationLog = NotificationLog &
  Readonly<{
    /** What was being sent when the last run was killed: nobody can know whether it got through. Ask before any claim. */
    doubtful(): Promise<readonly OutboxEntry[]>;
  }>;

type Options = Readonly<{
  database: DatabaseSync;
  /** How long a claim holds, ms; no other process can hold one. */
  leaseMs?: number;
}>;

type Noted = Readonly<{ subject: NoticeSubject; id: string; now: number }>;

/**
 * The notifications among the entries of the outbox. What was written to a pipe cannot be taken back, and it leaves no
 * trace that outlives the process, so that either the sending or the note of it has to come first. Sending first
 * repeats an entry whenever the process is killed by somebody who has just read it. So the claim is on the file before
 * the sending, with little between the two: what is claimed in one turn is one commit, and the disk is not waited for.
 * What a killed run had claimed and not noted is not sent again; it is handed out as doubtful, so that it can be said
 * elsewhere and is never lost in silence. An entry that was noted stays until it is taken off the outbox.
 */
export const createSqliteNotificationLog = ({
  database,
  leaseMs = 60_000,
}: Options): SqliteNotificationLog => {
  const find = database.prepare('SELECT claimed_until, notified_at FROM outbox WHERE notification = ?');
  const setClaim = database.prepare('UPDATE outbox SET claimed_until = ? WHERE notification = ?');
  const claimFirst = database.prepare(
    'UPDATE outbox SET claimed_until = ? WHERE notification = ? AND claimed_until IS NULL AND notified_at IS NULL',
  );
  const setNotified = database.prepare('UPDATE outbox SET notified_at = ? WHERE notification = ?');
  const claimed = database.prepare(
    'SELECT id, item FROM outbox WHERE claimed_until IS NOT NULL AND notified_at IS NULL ORDER BY id',
  );

  const isWaiting = (subject: NoticeSubject, id: string | null): boolean =>
    id !== null && find.get(keyText(subject, id))?.notified_at === null;

  const claimOne = ({ subject, id, now }: Noted): Claim => {
    const key = keyText(subject, id);
    // What nobody has claimed yet and comes after no other, as nearly all: one statement instead of two.
    if (noticeBefore(id) === null && Number(claimFirst.run(now + leaseMs, key).changes) > 0) return 'claimed';
    const row = find.get(key);
    if (row === undefined || row.notified_at !== null) return 'notified';
    if (isWaiting(subject, noticeBefore(id))) return 'busy';
    if (row.claimed_until !== null && now < Number(row.claimed_until)) return 'busy';
    setClaim.run(now + leaseMs, key);
    return 'claimed';
  };

  const together = <R>(one: (noted: Noted) => R): ((noted: Noted) => Promise<R>) =>
    gathered((all) => explained(database, () => quickTransaction(database, () => all.map(one))));
  const claim = together(claimOne);
  const notified = together(({ subject, id, now }) => void setNotified.run(now, keyText(subject, id)));

  return {
    claim: (subject, id, now) => claim({ subject, id, now }),
    notified: (subject, id, now) => notified({ subject, id, now }),
    release: (subject, id) => promised(database, () => void setClaim.run(null, keyText(subject, id))),
    doubtful: () => promised(database, () => claimed.all().map(readEntry)),
  };
};

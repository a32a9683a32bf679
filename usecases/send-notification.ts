import type { NoticeSubject, NotificationLog } from './ports/notification-log.ts';

export type NotificationPorts = Readonly<{ log: NotificationLog; now: () => number }>;

/** How often it is tried to note that a notice was sent, before it is left to be sent again. */
const NOTE_ATTEMPTS = 3;

const note = async ({ log, now }: NotificationPorts, subject: NoticeSubject, id: string): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await log.notified(subject, id, now());
    } catch (cause) {
      if (attempt === NOTE_ATTEMPTS)
        throw new Error(`Notice ${id} was sent, but that could not be noted: it may be sent twice.`, {
          cause,
        });
    }
  }
};

const giveUp = async ({ log }: NotificationPorts, subject: NoticeSubject, id: string): Promise<void> => {
  try {
    await log.release(subject, id);
  } catch {
    // The claim lapses by itself; what has to be known is why the notice could not be sent.
  }
};

/**
 * Sends a notice unless somebody has: claims it, sends it, notes it. It can be sent twice only where the service took
 * it and the run ended, or the log failed three times, before that was noted; or where the service took it and its
 * answer was lost. Neither can be ruled out, since sending and noting are two services. Rejects where a service failed
 * or another run holds the notice.
 */
export const sendNotification = async (
  ports: NotificationPorts,
  subject: NoticeSubject,
  id: string,
  send: () => Promise<void>,
): Promise<'notified' | 'skipped'> => {
  const claim = await ports.log.claim(subject, id, ports.now());
  if (claim === 'notified') return 'skipped';
  if (claim === 'busy')
    throw new Error(`Notice ${id} is being sent by another run, or was when that run ended: try again.`);
  try {
    await send();
  } catch (cause) {
    await giveUp(ports, subject, id);
    throw new Error(`Notice ${id} could not be sent: try again.`, { cause });
  }
  await note(ports, subject, id);
  return 'notified';
};

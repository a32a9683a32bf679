import type { Notice } from '../domain/notice/notice.ts';
import type { NoticeSubject, NotificationLog } from './ports/notification-log.ts';
import type { Notifier } from './ports/notifier.ts';

export type TellPorts = Readonly<{ notifier: Notifier; box: NotificationLog; now: () => number }>;

/** How often it is tried to note that a notice was told, before it is left to be told again. */
const NOTE_ATTEMPTS = 3;

const note = async ({ box, now }: TellPorts, subject: NoticeSubject, id: string): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await box.told(subject, id, now());
    } catch (cause) {
      if (attempt === NOTE_ATTEMPTS)
        throw new Error(`Notice ${id} was told, but that could not be noted: it may be told twice.`, {
          cause,
        });
    }
  }
};

const giveUp = async ({ box }: TellPorts, subject: NoticeSubject, id: string): Promise<void> => {
  try {
    await box.release(subject, id);
  } catch {
    // The claim lapses by itself; what has to be known is why the notice could not be told.
  }
};

/**
 * Tells a notice unless somebody has: claims it, tells it, notes it. It can be told twice only where the service took
 * it and the run ended, or the box failed three times, before that was noted; or where the service took it and its
 * answer was lost. Neither can be ruled out, since publishing and noting are two services. Rejects where a service
 * failed or another run holds the notice.
 */
export const sendNotification = async (
  ports: TellPorts,
  subject: NoticeSubject,
  notice: Notice,
): Promise<'told' | 'skipped'> => {
  const { id } = notice.output;
  const claim = await ports.box.claim(subject, id, ports.now());
  if (claim === 'told') return 'skipped';
  if (claim === 'busy')
    throw new Error(`Notice ${id} is being told by another run, or was when that run ended: try again.`);
  try {
    await ports.notifier.tell(notice);
  } catch (cause) {
    await giveUp(ports, subject, id);
    throw new Error(`Notice ${id} could not be told: try again.`, { cause });
  }
  await note(ports, subject, id);
  return 'told';
};

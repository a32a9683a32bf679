import type { NoticeOutput } from '../../domain/alarm/state/output.ts';
import { noticeRecord } from '../../notification/notice-record.ts';
import { NOTICE_TOPIC } from '../access/access-rules.ts';
import type { Channel, NoticeOrigin } from './channel.ts';

type Options = Readonly<{ origin: NoticeOrigin; publish: (topic: string, payload: string) => Promise<void> }>;

/** Stands in the topic where a notice is of a gateway as such, and of no cylinder. */
const NO_CYLINDER = '-';

export const noticeTopic = (site: string, output: NoticeOutput): string =>
  `${NOTICE_TOPIC}/${site}/${'cylinder' in output ? output.cylinder : NO_CYLINDER}`;

/** Publishes a notice on the broker, for whoever is connected or has a session there. */
export const createTopicChannel = ({ origin, publish }: Options): Channel => ({
  name: 'topic',
  title: NOTICE_TOPIC,
  deliver: async (notice) => {
    await publish(noticeTopic(origin.site, notice.output), JSON.stringify(noticeRecord(notice, origin)));
    return { kind: 'told' };
  },
});

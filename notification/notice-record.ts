import type { UnwatchedCause } from '../domain/alarm/state/output.ts';
import type { Advice } from '../domain/notice/advice.ts';
import type { Deviation } from '../domain/notice/deviations.ts';
import type { Notice } from '../domain/notice/notice.ts';
import type { NoticeType } from './locales/notice-words.ts';

/** A notice for machines. Times are ms since the epoch; null where it is not known or there is no such thing. */
export type NoticeRecord = Readonly<{
  version: 1;
  id: string;
  /** What happened: the notice's type. */
  kind: NoticeType;
  site: string | null;
  gateway: string | null;
  cylinder: string | null;
  incident: string | null;
  severity: string | null;
  at: number;
  beganAt: number | null;
  endedAt: number | null;
  endedByMaintenance: boolean;
  /** Share of abnormal slots in the window, 0…1, and the window's length, ms. */
  abnormalShare: number | null;
  windowMs: number | null;
  probability: number | null;
  movers: readonly Deviation[];
  advice: Advice | null;
  /** Of what occurred unseen: how often, and the latest of its incidents. */
  count: number | null;
  incidents: readonly string[];
  /** Why it is unwatched. */
  cause: UnwatchedCause | null;
  /** Of an OFFLINE: it comes and goes, and ONLINE waits until it has stayed. */
  flapping: boolean;
}>;

/** A notice as data; its names are those of the attributes that subscriptions filter by. */
export const noticeRecord = ({ output, facts }: Notice, site: string): NoticeRecord => ({
  version: 1,
  id: output.id,
  kind: output.type,
  site: site === '' ? null : site,
  gateway: 'gateway' in output ? output.gateway : (facts?.gateway ?? null),
  cylinder: 'cylinder' in output ? output.cylinder : null,
  incident: 'incident' in output ? output.incident : null,
  severity: 'severity' in output ? output.severity : null,
  at: output.at,
  beganAt: facts?.beganAt ?? null,
  endedAt: facts?.endedAt ?? null,
  endedByMaintenance: facts?.endedBy === 'maintenance',
  abnormalShare: facts?.abnormalShare ?? null,
  windowMs: facts?.windowMs ?? null,
  probability: facts?.probability ?? null,
  movers: facts?.deviations ?? [],
  advice: facts?.advice ?? null,
  count: output.type === 'OCCURRED' ? output.count : null,
  incidents: output.type === 'OCCURRED' ? output.incidents : [],
  cause: output.type === 'UNWATCHED' ? output.cause : null,
  flapping: output.type === 'OFFLINE' && output.flapping === true,
});

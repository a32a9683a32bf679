import { cylinderCodec, twinCodec } from '../../usecases/ledger/codecs/cylinder-codec.ts';
import { gatewayCodec } from '../../usecases/ledger/codecs/gateway-codec.ts';
import { incidentCodec } from '../../usecases/ledger/codecs/incident-codec.ts';
import { noticeCodec } from '../../usecases/ledger/codecs/notice-codec.ts';
import { courseCodec } from '../../usecases/ledger/course-events.ts';
import type { CylinderChange, LedgerChange } from '../../usecases/ports/ledger.ts';
import type { NoticeSubject } from '../../usecases/ports/notification-log.ts';
import {
  type ChangeItems,
  courseSort,
  dueKindOf,
  incidentSort,
  keyOf,
  noticeSort,
  partitionOf,
  STATE,
  type TableItem,
  TWIN,
} from './key.ts';
import { pack } from './packed.ts';

const number = (value: number) => ({ N: String(value) });

/** What people can read in the console, and what the index of gateways needs. */
const readable = ({ record: { alarm } }: CylinderChange): TableItem => ({
  condition: { S: alarm.condition },
  ...(alarm.incident === null ? {} : { incident: { S: alarm.incident.id } }),
  ...(alarm.gateway === null ? {} : { gateway: { S: alarm.gateway } }),
});

const recordText = (change: LedgerChange): string =>
  change.kind === 'cylinder' ? cylinderCodec.encode(change.record) : gatewayCodec.encode(change.record);

const stateItem = (change: LedgerChange, dueBound: number | null): TableItem => ({
  ...keyOf(change, STATE),
  version: number(change.expected + 1),
  record: { B: pack(recordText(change)) },
  ...(change.kind === 'cylinder' ? readable(change) : {}),
  // The index is sparse: what has nothing to wait for is not in it.
  ...(dueBound === null ? {} : { dueKind: { S: dueKindOf(partitionOf(change)) }, dueAt: number(dueBound) }),
});

const noticeItems = (change: LedgerChange, createdAt: number): readonly TableItem[] =>
  change.notices.map((notice) => ({
    ...keyOf(change, noticeSort(notice.output.id)),
    notice: { S: noticeCodec.encode(notice) },
    createdAt: number(createdAt),
  }));

const otherItems = (change: CylinderChange, savedAt: number): readonly TableItem[] => {
  const subject: NoticeSubject = change;
  const incidents = change.incidents.map((incident) => ({
    ...keyOf(subject, incidentSort(incident.id)),
    incident: { S: incidentCodec.encode(incident) },
  }));
  if (change.twin === null) return incidents;
  return [
    ...incidents,
    {
      ...keyOf(subject, TWIN),
      version: number(change.expected + 1),
      savedAt: number(savedAt),
      twin: { S: twinCodec.encode(change.twin) },
    },
  ];
};

const courseItems = (change: CylinderChange): readonly TableItem[] =>
  (change.course ?? []).map(({ incident, event }, place) => ({
    ...keyOf(change, courseSort(incident, event.at, [change.expected + 1, place])),
    step: { S: courseCodec.encode(event) },
  }));

/** One item for each key: a transaction may not write one twice. */
const lastOfEach = (items: readonly TableItem[]): readonly TableItem[] => [
  ...new Map(items.map((item) => [item.sk?.S, item])).values(),
];

/**
 * What marks the state as a refresh of its twin until the next save, or null where the twin needs an item of its own. Marked
 * so, the state says all that a refresh does: one write in place of a transaction of two items, which costs four times as
 * much.
 */
const refreshMark = (change: LedgerChange, savedAt: number): TableItem | null => {
  if (change.kind !== 'cylinder' || change.twin === null || change.refreshed === undefined) return null;
  if (change.notices.length + change.incidents.length > 0) return null;
  return { refreshedAt: number(savedAt), staleAfterMs: number(change.refreshed.staleAfterMs) };
};

/** The items of a change. `dueBound` is what stands in the index of due times, `createdAt` the time of the save, ms. */
export const changeItems = (
  change: LedgerChange,
  { dueBound, createdAt }: Readonly<{ dueBound: number | null; createdAt: number }>,
): ChangeItems => {
  const state = stateItem(change, dueBound);
  const course = change.kind === 'cylinder' ? courseItems(change) : [];
  const mark = course.length === 0 ? refreshMark(change, createdAt) : null;
  if (mark !== null) return { state: { ...state, ...mark }, notices: [], others: [] };
  return {
    state,
    notices: lastOfEach(noticeItems(change, createdAt)),
    others: change.kind === 'cylinder' ? lastOfEach([...otherItems(change, createdAt), ...course]) : [],
  };
};

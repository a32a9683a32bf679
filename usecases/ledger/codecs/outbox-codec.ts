import * as v from 'valibot';
import type { AlarmOutput } from '../../../domain/alarm/state/output.ts';
import type { Fields } from '../../../domain/fields.ts';
import type { OutboxItem } from '../../ports/outbox.ts';
import { createRecordCodec, schemaOf } from '../record-codec.ts';
import { twinCodec } from './cylinder-codec.ts';
import { incidentCodec } from './incident-codec.ts';
import { noticeCodec, noticeOutput } from './notice-codec.ts';

const condition = v.picklist(['NORMAL', 'SUSPECT', 'ACTIVE', 'CLEARING']);
const text = v.string();
const time = v.number();

const transition = schemaOf<AlarmOutput>()(
  v.variant('kind', [
    v.object({
      kind: v.literal('condition'),
      cylinder: text,
      t: time,
      from: condition,
      to: condition,
      incident: v.nullable(text),
      began: v.exactOptional(time),
      cause: v.exactOptional(v.picklist(['maintenance', 'policy'])),
    }),
    v.object({ kind: v.literal('severity'), cylinder: text, t: time, incident: text, severity: text }),
    v.object({ kind: v.literal('refused'), cylinder: text, type: text, why: text, at: time }),
    v.object({ kind: v.literal('late'), cylinder: text, t: time }),
    v.object({ kind: v.literal('quarantine'), cylinder: text, t: time }),
    noticeOutput,
  ]),
);

const stored = (item: OutboxItem): Fields => {
  switch (item.kind) {
    case 'notice':
      return { ...item, notice: noticeCodec.toStored(item.notice) };
    case 'incident':
      return { ...item, incident: incidentCodec.toStored(item.incident) };
    case 'twin':
      return { ...item, twin: twinCodec.toStored(item.twin) };
    case 'transition':
      return item;
  }
};

/** An item of the outbox; the notice, incident or twin in it has its own version. */
export const outboxCodec = createRecordCodec({
  what: 'the entry of the outbox',
  schema: schemaOf<OutboxItem>()(
    v.variant('kind', [
      v.object({ kind: v.literal('notice'), notice: noticeCodec.nested }),
      v.object({ kind: v.literal('transition'), transition }),
      v.object({ kind: v.literal('incident'), incident: incidentCodec.nested }),
      v.object({ kind: v.literal('twin'), cylinder: text, twin: twinCodec.nested, version: v.number() }),
    ]),
  ),
  // The first items bore no version, and are otherwise the same.
  steps: [(fields) => fields],
  stored,
});

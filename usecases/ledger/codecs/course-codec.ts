import * as v from 'valibot';
import { COURSE_KINDS, type CourseEvent } from '../../../domain/incident/incident-record.ts';
import { createRecordCodec, schemaOf } from '../record-codec.ts';

const maybeText = v.nullable(v.string());

/** What happened to an incident. */
export const courseCodec = createRecordCodec({
  what: 'step of an incident',
  schema: schemaOf<CourseEvent>()(
    v.object({
      kind: v.picklist(COURSE_KINDS),
      at: v.number(),
      by: maybeText,
      text: maybeText,
      channel: maybeText,
    }),
  ),
  steps: [(fields) => fields],
});

import * as v from 'valibot';
import type { GatewayRecord } from '../../../domain/cylinder/cylinder-record.ts';
import { createRecordCodec, schemaOf, type UpgradeStep } from '../record-codec.ts';
import { livenessFields } from './alarm-schema.ts';

/** From the records without a version, of which the oldest do not say when they are due: at once then. */
const toVersion1: UpgradeStep = (fields) => ({
  speakingSince: fields.lastHeardAt,
  offlineSince: null,
  dueAt: 0,
  ...fields,
});

/** An OFFLINE may be told as flapping since. */
const toVersion2: UpgradeStep = ({ speakingSince, offlineSince, ...fields }) => ({
  ...fields,
  heardSince: speakingSince,
  offline:
    typeof offlineSince === 'number'
      ? { lastHeardAt: offlineSince, flapping: false, heardAgainAt: null }
      : null,
  offlineTimes: [],
});

/** The record of a gateway. */
export const gatewayCodec = createRecordCodec({
  what: 'the record of gateway',
  schema: schemaOf<GatewayRecord>()(
    v.strictObject({
      ...livenessFields,
      dueAt: v.nullable(v.number()),
    }),
  ),
  steps: [toVersion1, toVersion2],
});

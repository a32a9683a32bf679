import * as v from 'valibot';
import type { GatewayRecord } from '../../../domain/cylinder/gateway-record.ts';
import { createRecordCodec, schemaOf, type UpgradeStep } from '../record-codec.ts';

/** From the records without a version, of which the oldest do not say when they are due: at once then. */
const toVersion1: UpgradeStep = (fields) => ({
  speakingSince: fields.lastHeardAt,
  offlineSince: null,
  dueAt: 0,
  ...fields,
});

/** The record of a gateway. */
export const gatewayCodec = createRecordCodec({
  what: 'the record of gateway',
  schema: schemaOf<GatewayRecord>()(
    v.strictObject({
      lastHeardAt: v.number(),
      speakingSince: v.number(),
      offlineSince: v.nullable(v.number()),
      dueAt: v.nullable(v.number()),
    }),
  ),
  steps: [toVersion1],
});

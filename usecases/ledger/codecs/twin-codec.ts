import * as v from 'valibot';
import type { TwinReport } from '../../../domain/twin/build-twin.ts';
import { createRecordCodec } from '../record-codec.ts';

const report: v.GenericSchema<unknown, TwinReport> = v.record(v.string(), v.unknown());

/** What a twin should say. The first reports bore no version, and are otherwise the same. */
export const twinCodec = createRecordCodec({ what: 'twin', schema: report, steps: [(fields) => fields] });

import { jsonBytes } from './json.ts';
import { mergeSection } from './merge-section.ts';
import { REJECTIONS, type Rejection } from './rejection.ts';
import type { ShadowDocument } from './shadow-document.ts';
import type { UpdateRequest } from './update-request.ts';

export type UpdateOutcome =
  | Readonly<{ kind: 'accepted'; document: ShadowDocument }>
  | Readonly<{ kind: 'rejected'; rejection: Rejection }>;

/** Metadata does not count: https://docs.aws.amazon.com/general/latest/gr/iot-core.html */
const STATE_BYTES_AT_MOST = 8 * 1024;

/**
 * The document after an update at `nowS` (seconds since the epoch). A request that names a version is accepted only
 * if it is the document's.
 */
export const applyUpdate = (
  document: ShadowDocument,
  { patch, version }: Pick<UpdateRequest, 'patch' | 'version'>,
  nowS: number,
): UpdateOutcome => {
  if (version !== undefined && version !== document.version) {
    return { kind: 'rejected', rejection: REJECTIONS.versionConflict };
  }
  const { desired, reported } = patch;
  const updated: ShadowDocument = {
    desired: desired === undefined ? document.desired : mergeSection(document.desired, desired, nowS),
    reported: reported === undefined ? document.reported : mergeSection(document.reported, reported, nowS),
    version: document.version + 1,
  };
  return stateBytes(updated) > STATE_BYTES_AT_MOST
    ? { kind: 'rejected', rejection: REJECTIONS.tooLarge }
    : { kind: 'accepted', document: updated };
};

const stateBytes = ({ desired, reported }: ShadowDocument): number =>
  (desired === null ? 0 : jsonBytes(desired.state)) + (reported === null ? 0 : jsonBytes(reported.state));

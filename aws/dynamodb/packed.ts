import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { LedgerError } from '../aws-error.ts';

const NUMBERS =
  '0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,60,60,60,60,60,60,60,60,60,60,60,60,60,60,60,60,60,60,60,60,60,60,60,60,60,60,60,60,60,60,60,60,60,60,60,60,60,60,60,60,60';

/** Of the records that bore no version. The rarer comes first. */
const FIRST = [
  // What people have said, and what silence left.
  '"ack":{"by":"","shelve":{"by":"","reason":"","until":17"unshelve":{"maintenance":{"close":{"by":"","outcome":"fault","no-fault-found","sensor","planned-work","mode":"bearing-wear","seal-leak","overload","loose-mount","stuck-encoder","comment":"","at":17,"id":"',
  '"refused":{"type":"ack","why":"","words":"","id":null,"at":17',
  '"commandAt":{"ack":17,"shelve":17,"maintenance":17,"close":17',
  '"shelf":{"until":17,"by":"","reason":""},"maintenance":{"until":17,"by":"","reason":""}',
  '"silence":{"lastSeenAt":17,"gateway":""},"lateSamples":',
  '"missed":{"newest":[{"raisedAt":17,"severity":"warning","notices":1},{"raisedAt":17,"severity":"warning","notices":0}],"count":1}',
  '"former":{"raisedAt":17,"severity":"warning","notices":2},"told":',
  '"closing":{"by":"","outcome":"","mode":null,"comment":null}',
  '"overrides":{"threshold":0.,"windowMs":600000,"minSamples":',
  '"condition":"CLEARING","hold":"condition":"SUSPECT","hold":0,"severity":"critical","quality":"stale","quality":"partial","quality":"offline"',
  NUMBERS,
  // A whole record of a cylinder in trouble.
  '{"vitals":{"last":{"cylinder":"cyl-01","gateway":"line-1","t":179,"boot":"","seq":1,"model":"anomaly-detection@1.2.0","values":[45.1,2.3,1.9,3.4,41.2,1180],"probability":0.9999,"why":[-1.2,0.1,-0.3,0.02,-0.04,1.5]},',
  '"recent":[45.,2.,1.,3.,41.,1180.],"usual":[{"n":3600,"mean":46.,"variance":0.4},{"n":3600,"mean":2.,"variance":0.00},{"n":3600,"mean":1.,"variance":0.00},{"n":3600,"mean":2.9,"variance":0.0},{"n":3600,"mean":34.,"variance":8.},{"n":3600,"mean":1180.,"variance":44',
  '}],"hour":{"newest":299,"received":[60,60],"abnormal":[0,0,0]},"day":{"newest":498,"received":[3600,3600,3600,3600,3600,3600,3600,3600],"abnormal":[0,0,0,0,0,0]},"runningMs":1000,"sequence":{"boot":"","first":0,"highest":1,"received":1}},',
  '"asked":{},"refused":null,"overrides":null,"twinAt":179,"twinKey":"{\\"condition\\":\\"NORMAL\\",\\"severity\\":null,\\"since\\":null,\\"incident\\":null,\\"condition\\":\\"ACTIVE\\",\\"severity\\":\\"warning\\",\\"since\\":179,\\"incident\\":{\\"id\\":\\"@179\\",\\"open\\":true,\\"severity\\":\\"warning\\",\\"began\\":179,\\"cleared\\":null,\\"acknowledgedBy\\":null,\\"outcome\\":null,\\"mode\\":null,\\"reopenings\\":0},\\"quality\\":\\"good\\",\\"suppression\\":null,\\"refused\\":null,\\"policy\\":null,\\"model\\":\\"@\\",\\"gateway\\":\\"line-1\\"}",',
  '"dueAt":179,"alarm":{"samplePeriodMs":1000,"pending":[143,143],"highestSlot":179,"evaluatedSlot":179,"receivedSlot":179,"evaluatedSinceTick":50,"runningSlots":3600,"window":{"size":60,"end":179,"counted":[-1,268435455],"abnormal":[0,0],"countedSlots":60,"abnormalSlots":0},',
  '"condition":"ACTIVE","hold":0,"incident":{"id":"@179","raisedAt":179,"beganAt":179,"raisedSlots":[179],"reopenings":0,"severity":"warning","active":300,"clearedSlot":null,"final":false,"notices":1,"acknowledgedBy":null,"comment":null,"endedAt":null,"closing":null},"former":null,"told":{"incident":"@179","severity":"warning","flapping":false,"remindedAt":179,"reminders":0},"condition":"NORMAL","hold":0,"incident":null,"former":null,"told":null,"missed":null,"shelf":null,"maintenance":null,"commandAt":{},"gateway":"line-1","lastSeenAt":179,"silence":null,"lateSamples":0}}',
].join('');

/** Of the records of version 1, where three fields have other names and one is new. */
const SECOND = FIRST.replace('{"vitals":', '{"v":1,"statistics":')
  .replace('"usual":', '"baselines":')
  .replace('"asked":', '"commands":')
  .replace('"dueAt":179,', '"dueAt":179,"restsUntil":null,');

/** Of the records of version 3, whose alarm knows what is heard and what is judged. */
const THIRD = [
  '"ack":{"by":"","shelve":{"by":"","reason":"","until":17"unshelve":{"maintenance":{"close":{"by":"","outcome":"fault","no-fault-found","sensor","planned-work","mode":"bearing-wear","seal-leak","overload","loose-mount","stuck-encoder","comment":"","at":17,"incident":"","id":"',
  '"refused":{"type":"ack","why":"","words":"","id":null,"at":17',
  '"commandAt":{"ack":17,"shelve":17,"maintenance":17,"close":17',
  '"shelf":{"until":17,"by":"","reason":""},"maintenance":{"until":17,"by":"","reason":""}',
  '"offline":{"lastHeardAt":17,"flapping":true,"heardAgainAt":null},"offlineTimes":[17],"offlineGateway":"","unwatched":{"since":17,"gateway":"","cause":"ahead"',
  '"unnotified":{"newest":[[17,"warning",0]],"count":1},"superseded":{"raisedAt":17,"severity":"warning","notices":2},"notified":',
  '"closing":{"by":"","outcome":"","mode":null,"comment":null},"endedBy":"maintenance","policy"',
  '"overrides":{"threshold":0.,"windowMs":600000,"samplePeriodMs":',
  '"gaps":[[],"lost":0,"condition":"CLEARING","hold":"condition":"SUSPECT","hold":0,"severity":"critical","quality":"stale","quality":"partial","quality":"unwatched","quality":"offline"',
  NUMBERS,
  '{"v":3,"statistics":{"last":{"cylinder":"cyl-01","gateway":"line-1","t":179,"boot":"","seq":1,"model":"anomaly-detection@1.2.0","values":[45.1,2.3,1.9,3.4,41.2,1180],"probability":0.9999,"why":[-1.2,0.1,-0.3,0.02,-0.04,1.5]},',
  '"recent":[45.,2.,1.,3.,41.,1180.],"baselines":[{"n":3600,"mean":46.,"variance":0.4},{"n":3600,"mean":2.,"variance":0.00},{"n":3600,"mean":1.,"variance":0.00},{"n":3600,"mean":2.9,"variance":0.0},{"n":3600,"mean":34.,"variance":8.},{"n":3600,"mean":1180.,"variance":44',
  '}],"abnormal":{"weight":6.9,"values":[62.,7.,4.,3.,33.,902.],"why":[4.7,3.2,5.7,0.2,0.0,-0.7],"probability":0.999},"abnormal":null,"normalProbability":0.000029154891,"hour":{"newest":299,"received":[60,60],"abnormal":[0,0,0]},"day":{"newest":498,"received":[3600,3600,3600,3600,3600,3600,3600,3600],"abnormal":[0,0,0,0,0,0]},"runningMs":1000,"sequence":{"boot":"","newestMs":179,"first":0,"highest":1,"gaps":[],"lost":0}},',
  '"commands":{},"refused":null,"overrides":null,"twinAt":179,"twinKey":"{\\"condition\\":\\"NORMAL\\",\\"severity\\":null,\\"since\\":null,\\"incident\\":null,\\"condition\\":\\"ACTIVE\\",\\"severity\\":\\"warning\\",\\"since\\":179,\\"incident\\":{\\"id\\":\\"@179\\",\\"open\\":true,\\"severity\\":\\"warning\\",\\"began\\":179,\\"cleared\\":null,\\"acknowledgedBy\\":null,\\"outcome\\":null,\\"mode\\":null,\\"reopenings\\":0},\\"quality\\":\\"good\\",\\"unwatched\\":null,\\"suppression\\":null,\\"refused\\":null,\\"policy\\":null,\\"model\\":\\"@\\",\\"gateway\\":\\"line-1\\"}",',
  '"dueAt":179,"restsUntil":null,"alarm":{"samplePeriodMs":1000,"highestSlot":179,"isHighestRunning":true,"evaluatedAt":179,"receivedSlot":179,"evaluatedMsSinceTick":50000,"runningSlots":3600,"window":{"size":60,"end":179,"counted":[-1,268435455],"abnormal":[0,0],"countedSlots":60,"abnormalSlots":0},',
  '"condition":"ACTIVE","hold":0,"incident":{"id":"@179","raisedAt":179,"beganAt":179,"raisedSlots":[179],"reopenings":0,"severity":"warning","active":300,"clearedAt":null,"final":false,"notices":1,"acknowledgedBy":null,"comment":null,"endedAt":null,"endedBy":null,"closing":null},"superseded":null,"notified":{"raisedAt":179,"severity":"warning","active":600,"flapping":false,"remindedAt":179,"reminders":0},"condition":"NORMAL","hold":0,"incident":null,"superseded":null,"notified":null,"unnotified":null,"shelf":null,"maintenance":null,"commandAt":{},"gateway":"line-1","lastSeenAt":179,"liveness":{"lastHeardAt":179,"heardSince":179,"offline":null,"offlineTimes":[]},"offlineGateway":null,"judging":{"heardAnewAt":179,"unjudged":{"ahead":0,"late":0,"coverage":0,"warm-up":0},"judgedAt":179,"unwatched":null},"lateSamples":0,"pendingSteps":[14140770962,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8]}}',
].join('');

/** Of the records of version 7, which hold a roll-up. */
const FOURTH = THIRD.replace('{"v":3,', '{"v":7,').replace(
  '"gaps":[],"lost":0}},',
  '"gaps":[],"lost":0},"probes":[],"rollup":"AWbQ5AEsAAAP"},',
);

/** Of the records that hold the newest commands, when an incident was last abnormal, and what is foretold. */
const FIFTH = FOURTH.replace('"refused":null,"overrides"', '"refused":null,"lastCommands":[],"overrides"')
  .replace('"active":300,"clearedAt"', '"active":300,"abnormalAt":179000,"clearedAt"')
  .replace('"probes":[]', '"probes":[[179,0],[179,0]],"forecast":["warning",179,179]')
  .replace('\\"gateway\\":\\"line-1\\"}"', '\\"gateway\\":\\"line-1\\",\\"answered\\":[]}"')
  .replace(
    '"highestSlot":179',
    '"pendingSteps":[14140770962,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8],"highestSlot":179',
  );

/** Of the records that count what sensors and scores show, where drift is looked for. */
const SIXTH = FIFTH.replace(
  '"rollup":"AWbQ5AEsAAAP"}',
  '"rollup":"AWbQ5AEsAAAP","drift":{"reference":"","fromHour":490998,"hour":490998,"minute":29461619,"counts":[0,0,0,0,0,0,0,0,0,0,0],"own":null,"heldSince":[1767697199000,1767697199000,1767697199000,1767697199000,1767697199000,1767697199000],"psi":[0.05,0.1,0.0,0.2,0.0,0.0,0.0],"found":[{"what":"score","kind":"moved"},{"what":"rVibration_","kind":"missing"},{"what":"wEncoderVelocity","kind":"stuck"}],"found":[],"since":null}}',
);

/**
 * What records of the ledger have in common, for zlib's preset dictionary: it is found as if it stood before each of
 * them. The number of a dictionary stands before all that was packed with it, which can be read with it alone: none of
 * them ever changes, and what is packed now is packed with the last.
 */
export const DICTIONARIES: readonly (readonly [number: number, text: string])[] = [
  [1, FIRST],
  [2, SECOND],
  [3, THIRD],
  [4, FOURTH],
  [5, FIFTH],
  [6, SIXTH],
];

const dictionaries = new Map(DICTIONARIES.map(([number, text]) => [number, Buffer.from(text)]));
const newest = Math.max(...dictionaries.keys());

/** No record comes near it: what would grow beyond it is not one of ours. */
const MAX_BYTES = 8 * 1024 * 1024;

/** Packs text: a byte that tells the dictionary, then the text by DEFLATE (RFC 1951). Equal text gives equal bytes. */
export const pack = (text: string): Uint8Array =>
  Buffer.concat([
    Buffer.of(newest),
    deflateRawSync(text, { dictionary: dictionaries.get(newest), level: 9, memLevel: 9 }),
  ]);

/** Reads what `pack` made, with whichever dictionary; throws a LedgerError that names `what`. */
export const unpack = (bytes: Uint8Array, what: string): string => {
  const dictionary = dictionaries.get(bytes[0] ?? 0);
  if (dictionary === undefined)
    throw new LedgerError('poison', `${what} was written by a newer program: deploy that one again`);
  try {
    return inflateRawSync(bytes.subarray(1), { dictionary, maxOutputLength: MAX_BYTES }).toString('utf8');
  } catch (cause) {
    throw new LedgerError('poison', `${what} is damaged`, cause);
  }
};

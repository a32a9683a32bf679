import type { NoticeWords } from './notice-words.ts';

/** The English words of notices. */
export const ENGLISH: NoticeWords = {
  types: {
    RAISED: 'RAISED',
    REOPENED: 'REOPENED',
    FLAPPING: 'FLAPPING',
    ESCALATED: 'ESCALATED',
    SHELF_EXPIRED: 'SHELF_EXPIRED',
    REMINDER: 'REMINDER',
    RECOVERED: 'RECOVERED',
    OCCURRED: 'OCCURRED',
    OFFLINE: 'OFFLINE',
    ONLINE: 'ONLINE',
    UNWATCHED: 'UNWATCHED',
    WATCHED: 'WATCHED',
  },
  events: {
    RAISED: { sentence: 'stays abnormal', short: 'abnormal' },
    REOPENED: { sentence: 'is abnormal again', short: 'abnormal again' },
    FLAPPING: {
      sentence: 'keeps going in and out of abnormal: told once until it stays quiet',
      short: 'on and off abnormal',
    },
    ESCALATED: { sentence: 'has got worse', short: 'got worse' },
    SHELF_EXPIRED: {
      sentence: 'is still abnormal and its shelf has run out',
      short: 'still abnormal, shelf over',
    },
    REMINDER: {
      sentence: 'is still abnormal and nobody has acknowledged it',
      short: 'still abnormal, nobody has it',
    },
    RECOVERED: { sentence: 'is back to normal', short: 'back to normal' },
    OCCURRED: {
      sentence: 'was abnormal and is back to normal: it came in late',
      short: 'was abnormal, learnt late',
    },
    OFFLINE: { sentence: 'has gone silent', short: 'silent' },
    ONLINE: { sentence: 'is heard again', short: 'heard again' },
    WATCHED: { sentence: 'is watched again', short: 'watched again' },
  },
  endedBy: {
    maintenance: { sentence: 'is in maintenance, which ends the incident', short: 'in maintenance' },
    policy: {
      sentence: 'is judged afresh: its sample period was changed, which ends the incident',
      short: 'judged afresh, new sample period',
    },
  },
  flapping: {
    sentence: 'keeps going silent and coming back: not told again until the link has held',
    short: 'link comes and goes',
  },
  severities: new Map([
    ['advisory', 'ADVISORY'],
    ['warning', 'WARNING'],
    ['alarm', 'ALARM'],
  ]),
  sensors: {
    rVibration_Temp: 'temperature',
    rVibration_Z_RMS_Velocity: 'vibration Z',
    rVibration_X_RMS_Velocity: 'vibration X',
    wRMSCurrent: 'current',
    wCurrentLoad: 'load',
    wEncoderVelocity: 'speed',
  },
  advices: {
    encoder: 'the encoder: its cable, coupling and disc; hardly any speed is read',
    load: 'the load: a jam, a part that drags, a tool set too heavy',
    seals: 'the seals and valves: a leak or a throttled flow, since it is slow for its drive',
    bearing: 'the bearing: lubrication, play and noise; it shakes and runs hot',
    mounting: 'the mounting: bolts, foot and alignment; it shakes sideways',
    'rod-guide': 'the bearing and the rod guide: play and lubrication',
    cooling: 'the cooling and the lubrication, and whether the duty is heavier than usual',
    cylinder: 'the cylinder itself: no sensor stands out alone, the model sees an unusual combination',
    unclear: 'the cylinder as a whole: which part it is, is not clear yet',
  },
  gatewayOffline:
    'the gateway: its power, its network, and whether its component runs; until then its line is unwatched',
  cylinderOffline: 'its sensors and their cables: the gateway is heard, this cylinder is not',
  unwatched: {
    ahead: {
      sentence: 'is heard, but not watched: its clock is ahead',
      short: 'not watched, clock ahead',
      check: "the gateway's clock: it is ahead, so that its samples are from the future; set it right",
    },
    late: {
      sentence: 'is heard, but not watched: what it sends comes too late',
      short: 'not watched, comes too late',
      check: "the gateway's clock: it is behind; or two gateways report this cylinder and one is ahead",
    },
    coverage: {
      sentence: 'is heard, but not watched: too few samples come',
      short: 'not watched, too few samples',
      check: 'how often it is sampled, and set samplePeriodMs to that; or samples get lost on the way',
    },
    'warm-up': {
      sentence: 'is heard, but not watched: it counts as warming up again and again',
      short: 'not watched, keeps warming up',
      check:
        'why it stops so often: after each stop or gap it is not judged for warmUpMs; shorten it, or mend the gaps',
    },
  },
  actions: {
    acknowledge: 'When you have it, say so and the reminders stop',
    close: 'Once you know what it was, say so',
  },
  title: (type, severity) => `${type} ${severity}`,
  gateway: (name) => `gateway ${name}`,
  times: (count) => `${count} times`,
  since: (when, duration) => `since ${when} (${duration})`,
  lasted: (from, to, duration) =>
    to === null ? `abnormal from ${from}` : `abnormal from ${from} to ${to} (${duration})`,
  sinceShort: (when, duration) => (duration === null ? `since ${when}` : `since ${when} (${duration})`),
  lastedShort: (from, to) => (to === null ? `from ${from}` : `${from} to ${to}`),
  atShort: (when) => `at ${when}`,
  share: (percent, window, probability) =>
    `${percent} % of the last ${window} abnormal, probability ${probability}`,
  minute: 'minute',
  baseline: (low, high) => `usually ${low}–${high}`,
  baselineUnknown: 'usual range not known yet',
  largestDeviations: (deviations) => `moved most: ${deviations}`,
  lookAt: (advice) => `look at ${advice}`,
  noticeId: (id) => `notice ${id}`,
  labels: {
    cylinder: 'Cylinder',
    gateway: 'Gateway',
    site: 'Site',
    severity: 'Severity',
    when: 'When',
    noticedAt: 'Noticed',
    incident: 'Incident',
    notice: 'Notice',
    why: 'Why',
    check: 'What to check',
    unknown: 'not known',
  },
};

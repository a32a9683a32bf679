import type { NoticeSentences, NoticeTerms } from './notice-words.ts';

/** The English words of notices that other views of an incident say as well. */
export const ENGLISH_TERMS: NoticeTerms = {
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
    DRIFTED: 'DRIFTED',
    SETTLED: 'SETTLED',
  },
  events: {
    RAISED: { sentence: 'stays abnormal', short: 'abnormal' },
    REOPENED: { sentence: 'is abnormal again', short: 'abnormal again' },
    FLAPPING: {
      sentence: 'keeps going in and out of abnormal: its end is told once it stays quiet',
      short: 'on and off abnormal',
    },
    ESCALATED: { sentence: 'has got worse', short: 'got worse' },
    SHELF_EXPIRED: {
      sentence: 'is still abnormal and its shelf has run out',
      short: 'still abnormal',
      note: 'shelf over',
    },
    REMINDER: {
      sentence: 'is still abnormal and nobody has acknowledged it',
      short: 'still abnormal',
      note: 'nobody has it',
    },
    RECOVERED: { sentence: 'is back to normal', short: 'back to normal' },
    OCCURRED: {
      sentence: 'was abnormal and is back to normal: its data came late',
      short: 'was abnormal',
      note: 'learnt late',
    },
    OFFLINE: { sentence: 'has gone silent', short: 'silent' },
    ONLINE: { sentence: 'is heard again', short: 'heard again' },
    WATCHED: { sentence: 'is watched again', short: 'watched again' },
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
  cylinderOffline: 'its sensors and their cables: the gateway is heard, this cylinder is not',
  unwatched: {
    ahead: {
      sentence: 'is heard, but not watched: its clock is ahead',
      short: 'not watched',
      note: 'clock ahead',
      check: "the gateway's clock: it is ahead, so that its samples are from the future; set it right",
    },
    late: {
      sentence: 'is heard, but not watched: what it sends comes too late',
      short: 'not watched',
      note: 'data too late',
      check: "the gateway's clock: it is behind; or two gateways report this cylinder and one is ahead",
    },
    coverage: {
      sentence: 'is heard, but not watched: too few samples come',
      short: 'not watched',
      note: 'too few samples',
      check: 'how often it is sampled, and set samplePeriodMs to that; or samples get lost on the way',
    },
    'warm-up': {
      sentence: 'is heard, but not watched: it counts as warming up again and again',
      short: 'not watched',
      note: 'keeps warming up',
      check:
        'why it stops so often: after each stop or gap it is not judged for warmUpMs; shorten it, or mend the gaps',
    },
  },
  gateway: (name) => `gateway ${name}`,
  share: (percent, window, probability) =>
    `${percent} % of the last ${window} abnormal, probability ${probability}`,
  minute: 'minute',
};

/** The other English words of notices. */
export const ENGLISH_SENTENCES: NoticeSentences = {
  drifted: {
    DRIFTED: {
      sentence: 'is measured unlike what its model knows: its alarm is to be trusted less',
      short: 'unlike its model',
    },
    SETTLED: { sentence: 'is measured as its model knows it again', short: 'as its model knows it' },
  },
  endedBy: {
    maintenance: { sentence: 'is in maintenance, which ends the incident', short: 'put in maintenance' },
    policy: {
      sentence: 'is judged afresh: its sample period was changed, which ends the incident',
      short: 'judged afresh',
      note: 'new sample period',
    },
  },
  flapping: {
    sentence: 'keeps going silent and coming back: not told again until the link has held',
    short: 'silent',
    note: 'link comes and goes',
  },
  quiet: {
    short: 'quiet',
    sentence: (when, type) => {
      const quiet = `has been quiet since ${when} and its incident is not over yet`;
      if (type === 'SHELF_EXPIRED') return `${quiet}; its shelf has run out`;
      return type === 'REMINDER' ? `${quiet}; nobody has acknowledged it` : quiet;
    },
  },
  gatewayOffline:
    'the gateway: its power, its network, and whether its component runs; until then its line is unwatched',
  actions: {
    acknowledge: 'If you take it, say so and the reminders stop',
    close: 'Once you know what it was, say so',
  },
  title: (type, severity) => `${type} ${severity}`,
  times: (count) => `${count} times`,
  headline: (title, subject, sentence) => `${title}: ${subject} ${sentence}`,
  troubles: { abnormal: 'abnormal', silent: 'silent', unwatched: 'not watched', drifted: 'unlike its model' },
  since: (trouble, when, duration) =>
    duration === null ? `${trouble} from ${when}` : `${trouble} since ${when} (${duration})`,
  first: (when, duration) => `first abnormal at ${when} (${duration} ago)`,
  again: (first, when, duration) => `first abnormal at ${first}, back since ${when} (${duration})`,
  lasted: (trouble, from, to, duration) => `${trouble} from ${from} to ${to} (${duration})`,
  overAt: (when) => `over at ${when}`,
  inZone: (when, zone) => `${when} (${zone})`,
  short: {
    since: (what, when, duration) => `${what} since ${when}${duration === null ? '' : ` (${duration})`}`,
    at: (what, when) => `${what} at ${when}`,
    first: (when) => `first at ${when}`,
    lasted: (what, from, to) => `${what} ${from} to ${to}`,
    lasting: (what, duration) => `${what} for ${duration}`,
  },
  trustLess: 'the sensors have moved away from what the model knows: trust this less',
  forecast: (severity, from, to) => `${severity} in ${from} to ${to} at this rate`,
  drift: {
    moved: (name) => `${name} lies elsewhere than it did`,
    missing: (name) => `${name} often does not answer`,
    stuck: (name) => `${name} stands still`,
  },
  score: 'the score',
  driftCheck: (findings) =>
    `what has changed (${findings}): a sensor that was moved or fails, another product or speed; where the change is meant to stay, train a model on it`,
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

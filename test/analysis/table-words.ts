import { SENSORS } from '../../domain/message/sample.ts';

type Words = Readonly<Record<string, string>>;

const UNITS = ['°C', 'mm/s RMS', 'mm/s RMS', 'A', '%', 'RPM'] as const;
const MEASURED = ['temperature', 'vibration, Z', 'vibration, X', 'current', 'load', 'speed of the encoder'];
const unitOf = (sensor: number): string => UNITS[sensor] ?? '';

/** What a row of each table is, and what its columns mean, with their units. */
export const TABLE_WORDS: Readonly<Record<string, Readonly<{ row: string; columns: Words }>>> = {
  samples: {
    row: 'One scored second of one cylinder, once.',
    columns: {
      cylinder: 'the cylinder',
      gateway: 'the gateway it came by',
      t: "when it was taken, by the gateway's clock",
      boot: "start of the gateway's program; NULL where it says none",
      seq: 'number of the sample of a cylinder within `boot`',
      model: 'the model that scored it',
      ...Object.fromEntries(
        SENSORS.map((sensor, index) => [
          sensor,
          `${MEASURED[index]}, ${unitOf(index)}; NULL: it did not answer`,
        ]),
      ),
      probability: 'probability of abnormal, 0 to 1',
      why: 'contribution of each sensor to the log-odds, in the order of the sensor columns',
      received_at: "when it arrived, by the receiver's clock",
      challenger: 'a model on trial; NULL without one',
      challenger_probability: 'what that says, 0 to 1',
    },
  },
  hours: {
    row: 'One hour of one cylinder, for good.',
    columns: {
      cylinder: 'the cylinder',
      hour: 'start of the hour',
      samples: 'samples stored of it',
      abnormal: 'of these, with a probability of 0.5 or more',
      probability: 'mean probability, 0 to 1',
      probability_max: 'highest probability, 0 to 1',
      ...Object.fromEntries(
        SENSORS.flatMap((sensor, index) => [
          [sensor, `mean ${MEASURED[index]}, ${unitOf(index)}`],
          [`${sensor}_min`, `least, ${unitOf(index)}`],
          [`${sensor}_max`, `greatest, ${unitOf(index)}`],
        ]),
      ),
      gateway:
        'the gateway; NULL where there were several. This and the next five are NULL in hours whose samples an earlier version deleted',
      first_t: 'first sample',
      last_t: 'last sample',
      running: 'samples with the encoder above 0 RPM, or without a word from it',
      late: 'samples that arrived more than 60 s after they were taken',
      latest_ms: 'the greatest delay, ms',
    },
  },
  incidents: {
    row: 'One incident, as it stands.',
    columns: {
      id: 'its name',
      cylinder: 'the cylinder',
      gateway: 'the gateway when it was raised; NULL in old ones',
      began_at: 'first abnormal sample',
      raised_at: 'when the alarm raised it',
      cleared_at:
        'when it was over for the alarm, after the quiet that its severity asks for; NULL while it is open',
      ended_by: 'what ended it: clearing, maintenance, …',
      severity: 'the highest it came to, as the policy names it: advisory, warning, alarm',
      reopenings: 'how often it came back',
      acknowledged_by: 'who acknowledged it',
      closed_by: 'who closed it',
      outcome: 'what it turned out to be: fault, no-fault-found, sensor, planned-work',
      mode: 'the fault mode that was found',
      comment: 'what was said of it',
      last_abnormal_at: 'last abnormal sample, once it is over; NULL in those of before this was noted',
      told_at: 'first notice sent. This and what follows is NULL in incidents of before it was noted',
      acknowledged_at: 'first acknowledged',
      closed_at: 'closed',
      advice: 'what a technician was told to look at when it was raised',
      why: 'mean contributions to the log-odds when it was raised, in the order of the sensor columns',
      model: 'the model that scored it',
      policy: 'digest of the policy that raised it',
    },
  },
  notices: {
    row: 'A notice through one channel; on one machine those of the last 90 days.',
    columns: {
      id: 'the notice, the same in every channel',
      type: 'RAISED, REOPENED, FLAPPING, ESCALATED, SHELF_EXPIRED, REMINDER, RECOVERED, OFFLINE or ONLINE',
      cylinder: 'the cylinder; NULL where it is about a gateway alone',
      gateway: 'the gateway that OFFLINE and ONLINE name',
      incident: 'the incident it is about',
      made_at: 'when its reason was',
      channel: 'through what it is told',
      sent_at: 'when it was sent; NULL: it waits there, or failed',
      error: 'why it failed',
    },
  },
  transitions: {
    row: 'A step of an incident that the alarm made.',
    columns: {
      incident: 'the incident',
      cylinder: 'the cylinder',
      t: 'when',
      kind: 'raised, reopened, escalated or cleared',
      cause: 'why, in words',
    },
  },
  commands: {
    row: 'What a person asked of an incident.',
    columns: {
      incident: 'the incident; for maintenance, `<cylinder>@maintenance`',
      cylinder: 'the cylinder',
      t: 'when',
      kind: 'acknowledged, shelved, unshelved, maintenance, closed or refused',
      given_by: 'who',
      words: 'what was said',
    },
  },
  quarantine: {
    row: 'A reason why a message lies in quarantine.',
    columns: {
      received_at: 'when it arrived',
      topic: 'under which topic',
      client: 'from which MQTT client',
      cylinder: 'whose sample it was, where that was understood',
      reason: 'why, as a word',
      detail: 'why, in words',
      bytes: 'size of the message, bytes',
    },
  },
};

import { DEFAULT_POLICY } from '../domain/alarm/policy/policy.ts';
import { TWIN_EVERY_MS } from '../domain/fold/fold-record.ts';

/** What is assumed of the pipeline and was not measured on AWS; every figure of that kind stands here. */

export const LAMBDA_MEMORY_GB = 0.5;

/**
 * Milliseconds of a function, by what it does in them. The processor's part was measured on one core and taken four
 * times, as 512 MB get a quarter of one; the rest is waiting for the service.
 */
export const STORE_MS = { invocation: 25, message: 0.6, request: 12 } as const;
export const WATCH_MS = { invocation: 25, message: 0.6, cylinder: 5 } as const;
export const NOTIFY_MS = 80;
export const TWIN_MS = { invocation: 15, update: 10 } as const;
export const COMMAND_MS = 60;
export const SWEEP_MS = { invocation: 100, cylinder: 0.5 } as const;

/** How long the twin's function gathers changes, s, and how many it takes at most. */
export const TWIN_BATCH = { seconds: 5, items: 100 } as const;

/** The twin is written this often, s, and so many times more in an incident. */
export const TWIN_EVERY_S = TWIN_EVERY_MS / 1000;
export const TWIN_CHANGES_PER_INCIDENT = 8;

/** Raised, twice more severe or reminded, recovered. */
export const NOTICES_PER_INCIDENT = 4;
export const COMMANDS_PER_INCIDENT = 2;
/** Raised, twice more severe, over, and each command: what is kept of its course. */
export const STEPS_PER_INCIDENT = 4 + COMMANDS_PER_INCIDENT;
/** A command wakes its function, and so does the update that clears it from the desired state. */
export const RUNS_PER_COMMAND = 2;

/** How often the canary's sample goes the whole way, s, and how long its own function runs. */
export const CANARY_EVERY_S = 300;
export const CANARY_MS = 150;

/** The sweep looks at whatever is heard all the time: its due time never moves in the index. */
export const SWEEP_EVERY_S = 60;

/** Read units of up to 4 KB: of a record as it was a moment ago, and as it is now. */
export const RECENT_READ_UNITS = 0.5;
export const LATEST_READ_UNITS = 1;

/** The share of the provisioned capacity that auto scaling aims for, and the least that it leaves of the default. */
export const LEDGER_UTILISATION = 0.9;
export const LEDGER_FLOOR = { table: 50, byDue: 13, byGateway: 5, indexReads: 5 } as const;

/** How long Firehose gathers samples for a file, s. */
export const FIREHOSE_BUFFER_S = 300;

/** How much of a shard is planned for: keys never spread evenly, and a gateway catches up after an outage. */
export const SHARD_FILL = 0.7;
/** Batches that Lambda gathers side by side from one shard, each with a window and 6 MB of its own. */
export const PARALLEL_BATCHES = 4;

/** A gateway's heartbeat is saved no more often than this, s: thrice within the time after which it is offline. */
export const HEARTBEAT_SAVED_EVERY_S = DEFAULT_POLICY.offlineAfterMs / 3 / 1000;

/** What a function logs of one invocation, with Lambda's own lines and its metrics, bytes. */
export const LOG_BYTES = 1000;

/**
 * What an open page of the desk asks for: the fleet, and how the pipeline is, each so often, s; how long an answer takes,
 * and what API Gateway logs of it, bytes. The function reads the line and its names anew after so many seconds.
 */
export const PAGE_ASKS_S = { fleet: 5, system: 10 } as const;
export const DESK_MS = { request: 15, cylinder: 0.1 } as const;
export const ACCESS_LOG_BYTES = 400;
export const LINE_READ_EVERY_S = { states: 10, names: 30 } as const;
export const DESK_ALARMS = 3;

/** X-Ray's default: the first of each second, and one in twenty of the others. */
export const TRACE_SHARE = 0.05;

/** A test holds these to what is deployed; of the alarms, to the way of deploying that has most. */
export const CUSTOM_METRICS = 7;
export const ALARMS = 38;
export const DASHBOARDS = 1;

/**
 * Sizes in bytes. Measured: on the simulated line with its model, names as in `line-01` and `cyl-07`; a test holds the
 * messages to what the gateway really encodes.
 */

const MESSAGE_HEAD_BYTES = 126;
const SAMPLE_BYTES = 270;

/** What a component lets a nucleus hold before it asks for an echo, and the topic and head of each message in it. */
const ECHO_MESSAGES = 9;
const ECHO_BYTES = 14_800;
const PACKET_BYTES = 76;

/** What the rule adds to the message: topic, time, client and the names of its fields. */
const ENVELOPE_BYTES = 110;

/** What Lambda adds to a record of the stream: sequence number, ARNs and the names of its fields. */
const RECORD_WRAPPER_BYTES = 560;

/** The ledger's items with their keys: the state is deflated (810 at most), the rest is JSON. */
export const STATE_ITEM_BYTES = 960;
export const TWIN_ITEM_BYTES = 900;
/** What each of them holds more where drift is looked for: measured after a day with all bins of a card of ten filled. */
export const DRIFT_STATE_BYTES = 420;
export const DRIFT_TWIN_BYTES = 240;
export const GATEWAY_ITEM_BYTES = 250;
export const NOTICE_ITEM_BYTES = 1500;
export const INCIDENT_ITEM_BYTES = 900;
export const STEP_ITEM_BYTES = 250;
/** The keys of an item as an index holds them. */
export const INDEX_ENTRY_BYTES = 60;

/** What is written to a shadow: what changed of the twin, 430 on average and 654 at most. */
export const SHADOW_UPDATE_BYTES = 654;

/** A notice or a step of an incident in Timestream, which the table of incidents holds in memory for so many hours. */
export const TIMESTREAM_EVENT_BYTES = 130;
export const EVENT_MEMORY_HOURS = 8766;

/** A sample as Firehose gets it: JSON with short keys. */
export const LAKE_SAMPLE_BYTES = 288;
/** The same in Parquet, Snappy: 30 measured with DuckDB's writer, and a third more for smaller files. */
export const PARQUET_SAMPLE_BYTES = 40;

/**
 * A sample in Timestream, whose size is that of all names and values: time 8, dimensions, measure names, 8 for each
 * number, text as it is. https://docs.aws.amazon.com/timestream/latest/developerguide/metering-and-pricing.writes.html
 */
export const TIMESTREAM_SAMPLE_BYTES = 391;
/** What of that is sent once with a request: all dimensions where it is of one message, else the model alone. */
export const TIMESTREAM_SHARED_BYTES = { direct: 110, stream: 34 } as const;

const base64 = (bytes: number): number => Math.ceil(bytes / 3) * 4;

/** A message of so many samples, without its topic. */
export const messageBytes = (samples: number): number => MESSAGE_HEAD_BYTES + samples * SAMPLE_BYTES;

/** Messages of so many samples that one echo proves. */
export const messagesPerEcho = (samples: number): number =>
  Math.min(ECHO_MESSAGES, Math.floor(ECHO_BYTES / (messageBytes(samples) + PACKET_BYTES)));

/** A message as the rule puts it into the stream: its bytes in base64, in a JSON document. */
export const recordBytes = (samples: number): number => base64(messageBytes(samples)) + ENVELOPE_BYTES;

/** A record of the stream as it lies in Lambda's event: in base64 once more. */
export const eventBytes = (samples: number): number => base64(recordBytes(samples)) + RECORD_WRAPPER_BYTES;

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
export const GATEWAY_ITEM_BYTES = 250;
export const NOTICE_ITEM_BYTES = 1500;
export const INCIDENT_ITEM_BYTES = 900;
/** The keys of an item as an index holds them. */
export const INDEX_ENTRY_BYTES = 60;

/** What is written to a shadow: what changed of the twin, 430 on average and 654 at most. */
export const SHADOW_UPDATE_BYTES = 654;

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

/** What a run of bytes held: where the first packet ends (null while it goes on), and a packet too long to take (its bytes, else 0). */
export type Metered = Readonly<{ firstEnd: number | null; tooLongBytes: number }>;

const MAX_LENGTH_BYTES = 4;

/**
 * Follows the packets in a stream of bytes by their fixed headers alone, without keeping anything
 * (MQTT 3.1.1, section 2.2). Feed it each chunk once, in order.
 */
export const createPacketMeter = (maxPacketBytes: number): ((chunk: Uint8Array) => Metered) => {
  let remainingBytes = 0;
  let lengthBytesRead = -1;
  let length = 0;

  return (chunk) => {
    let firstEnd: number | null = null;
    let at = 0;
    while (at < chunk.length) {
      if (remainingBytes > 0) {
        const step = Math.min(remainingBytes, chunk.length - at);
        at += step;
        remainingBytes -= step;
        if (remainingBytes === 0) firstEnd ??= at;
        continue;
      }
      const byte = chunk[at] ?? 0;
      at += 1;
      if (lengthBytesRead < 0) {
        lengthBytesRead = 0;
        length = 0;
        continue;
      }
      length += (byte & 0x7f) * 128 ** lengthBytesRead;
      lengthBytesRead += 1;
      if (byte >= 0x80 && lengthBytesRead < MAX_LENGTH_BYTES) continue;
      if (length > maxPacketBytes) return { firstEnd, tooLongBytes: length };
      remainingBytes = length;
      lengthBytesRead = -1;
      if (length === 0) firstEnd ??= at;
    }
    return { firstEnd, tooLongBytes: 0 };
  };
};

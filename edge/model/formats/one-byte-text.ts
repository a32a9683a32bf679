/** One character for each byte. The decoder that the platform calls latin1 is Windows-1252, which differs. */
export const oneByteText = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

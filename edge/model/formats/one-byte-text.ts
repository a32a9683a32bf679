/** One character for each byte. The decoder that the platform calls latin1 is Windows-1252, which differs. */
export function oneByteText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

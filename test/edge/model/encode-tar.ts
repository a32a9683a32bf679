type Member = Readonly<{ name: string; bytes: Uint8Array; type?: string }>;

const BLOCK_BYTES = 512;

/** A ustar archive. */
export const encodeTar = (members: readonly Member[]): Uint8Array => {
  const blocks = members.flatMap(({ name, bytes, type = '0' }) => [
    header(name, bytes.length, type),
    bytes,
    Buffer.alloc((BLOCK_BYTES - (bytes.length % BLOCK_BYTES)) % BLOCK_BYTES),
  ]);
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK_BYTES)]);
};

const header = (name: string, size: number, type: string): Uint8Array => {
  const block = Buffer.alloc(BLOCK_BYTES);
  block.write(name, 0, 100);
  block.write('0000644\0', 100);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write('        ', 148);
  block.write(type, 156);
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
};

/** A document as XGBoost writes UBJSON: lengths as int64, lists of numbers typed where all are alike. */
export const encodeUbjson = (value: unknown): Uint8Array => Buffer.concat(parts(value));

const parts = (value: unknown): readonly Uint8Array[] => {
  if (typeof value === 'string') return [Buffer.from('S'), ...text(value)];
  if (typeof value === 'boolean') return [Buffer.from(value ? 'T' : 'F')];
  if (typeof value === 'number') return [Buffer.from('L'), int64(value)];
  if (Array.isArray(value)) return list(value);
  if (typeof value !== 'object' || value === null) return [Buffer.from('Z')];
  const members = Object.entries(value).flatMap(([key, member]) => [...text(key), ...parts(member)]);
  return [Buffer.from('{'), ...members, Buffer.from('}')];
};

const text = (value: string): readonly Uint8Array[] => {
  const bytes = Buffer.from(value);
  return [Buffer.from('L'), int64(bytes.length), bytes];
};

const list = (values: readonly unknown[]): readonly Uint8Array[] => {
  const length = [Buffer.from('#L'), int64(values.length)];
  if (values.length > 0 && values.every((value) => typeof value === 'number'))
    return values.every(Number.isInteger)
      ? [Buffer.from('[$l'), ...length, ...values.map(int32)]
      : [Buffer.from('[$d'), ...length, ...values.map(float32)];
  return [Buffer.from('['), ...length, ...values.flatMap(parts)];
};

const int64 = (value: number): Uint8Array => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
};

const int32 = (value: number): Uint8Array => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

const float32 = (value: number): Uint8Array => {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(value);
  return bytes;
};

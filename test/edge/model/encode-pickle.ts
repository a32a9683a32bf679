/** A pickled Booster of protocol 3 around a model's bytes, as Python writes it. */
export const encodePickle = (model: Uint8Array, featureNames: readonly string[] = []): Uint8Array =>
  Buffer.concat([
    Buffer.from('\x80\x03cxgboost.core\nBooster\nq\x00)\x81q\x01}q\x02(', 'latin1'),
    text('handle'),
    Buffer.from('cbuiltins\nbytearray\nq\x03', 'latin1'),
    Buffer.from('B'),
    uint32(model.length),
    model,
    Buffer.from('\x85q\x04Rq\x05', 'latin1'),
    text('feature_names'),
    Buffer.from(featureNames.length === 0 ? 'N' : ']('),
    ...featureNames.map(text),
    Buffer.from(featureNames.length === 0 ? 'ub.' : 'eub.'),
  ]);

const text = (value: string): Uint8Array =>
  Buffer.concat([Buffer.from('X'), uint32(value.length), Buffer.from(value)]);

const uint32 = (value: number): Uint8Array => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

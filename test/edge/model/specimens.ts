import { gzipSync } from 'node:zlib';
import { encodeBinary } from './encode-binary.ts';
import { encodePickle } from './encode-pickle.ts';
import { encodeTar } from './encode-tar.ts';
import { encodeUbjson } from './encode-ubjson.ts';
import { bytesOf, stump } from './stump.ts';

/** A sound model with one split in each format and wrapping that can be read. */
export const specimens = (): readonly Uint8Array[] => {
  const document = stump({ feature: 1, split: 2.5, left: -1, right: 1 });
  const json = bytesOf(document);
  const ubjson = encodeUbjson(document);
  const headerless = encodeBinary({ header: false, major: 0 });
  const binf = encodeBinary({ header: true, major: 1 });
  const folds = [0, 1].map((i) => ({ name: `xgboost-model-${i}`, bytes: binf }));
  const all = [
    json,
    ubjson,
    headerless,
    binf,
    encodePickle(headerless),
    encodePickle(encodeUbjson({ Config: {}, Model: document })),
    gzipSync(json),
    encodeTar([{ name: './xgboost-model', bytes: json }]),
    gzipSync(encodeTar(folds)),
  ];
  // A Buffer's slice is no copy.
  return all.map((bytes) => new Uint8Array(bytes));
};

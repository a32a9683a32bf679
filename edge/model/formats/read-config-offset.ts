import { damaged } from '../model-error.ts';
import { byteReader } from './byte-reader.ts';

const HEADER = 'CONFIG-offset:';

/** The model in what XGBoost 1.0 to 1.2 serialises: a header, the model's length, the model, its configuration. */
export const readConfigOffset = (bytes: Uint8Array): Uint8Array => {
  const from = byteReader(bytes, 'little');
  from.bytes(HEADER.length);
  const length = from.count64();
  if (length > from.left()) throw damaged('its configuration is not where it should be');
  return from.bytes(length);
};

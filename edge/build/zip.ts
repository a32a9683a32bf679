import { crc32, deflateRawSync } from 'node:zlib';

export type ZipEntry = Readonly<{ path: string; bytes: Uint8Array }>;

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
const DEFLATED = 8;
/** UTF-8 names. */
const FLAGS = 0x0800;
/** Midnight of the first day that a zip file can name. */
const DATE = 0x0021;
const UNIX = 3;
const REGULAR_FILE_644 = 0o100644;

/**
 * A zip file with the same bytes for the same entries, whenever and wherever it is made: sorted, without times. At
 * most 65,535 entries and 4 GB.
 */
export const zip = (entries: readonly ZipEntry[]): Buffer => {
  const sorted = entries.toSorted((one, other) => (one.path < other.path ? -1 : 1));
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { path, bytes } of sorted) {
    const name = Buffer.from(path);
    const packed = deflateRawSync(bytes, { level: 9 });
    const about = Buffer.alloc(26);
    about.writeUInt16LE(VERSION, 0);
    about.writeUInt16LE(FLAGS, 2);
    about.writeUInt16LE(DEFLATED, 4);
    about.writeUInt16LE(DATE, 8);
    about.writeUInt32LE(crc32(bytes), 10);
    about.writeUInt32LE(packed.length, 14);
    about.writeUInt32LE(bytes.length, 18);
    about.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([uint32(LOCAL), about, name, packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE((REGULAR_FILE_644 << 16) >>> 0, 6);
    place.writeUInt32LE(offset, 10);
    const madeBy = Buffer.from([VERSION, UNIX]);
    centrals.push(Buffer.concat([uint32(CENTRAL), madeBy, about, place, name]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(sorted.length, 8);
  end.writeUInt16LE(sorted.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
};

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

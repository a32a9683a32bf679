import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32, inflateRawSync } from 'node:zlib';
import type { ZipEntry } from '../../../edge/build/package-files.ts';

const CENTRAL = 0x02014b50;
const END_BYTES = 22;

/** Reads a zip file by its directory, as an unzip does, and checks every checksum. */
export const unzip = (archive: Buffer): readonly ZipEntry[] => {
  const end = archive.length - END_BYTES;
  assert.equal(archive.readUInt32LE(end), 0x06054b50);
  const entries: ZipEntry[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    assert.equal(archive.readUInt32LE(at), CENTRAL);
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((from) => archive.readUInt16LE(at + from));
    assert.ok(nameBytes !== undefined && extraBytes === 0 && commentBytes === 0);
    const path = archive.toString('utf8', at + 46, at + 46 + nameBytes);
    const local = archive.readUInt32LE(at + 42);
    const from = local + 30 + archive.readUInt16LE(local + 26);
    assert.equal(archive.toString('utf8', local + 30, from), path);
    const bytes = inflateRawSync(archive.subarray(from, from + archive.readUInt32LE(at + 20)));
    assert.equal(crc32(bytes), archive.readUInt32LE(at + 16));
    assert.equal(bytes.length, archive.readUInt32LE(at + 24));
    entries.push({ path, bytes });
    at += 46 + nameBytes;
  }
  assert.equal(at, end);
  return entries;
};

/** Unpacks a zip file into a folder. */
export const unzipTo = (archive: Buffer, folder: string): void => {
  for (const { path, bytes } of unzip(archive)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
};

import { crc32, deflateSync } from 'node:zlib';

/** A cylinder with its rod, seen from the side: rectangles on a field of 32, as [x, y, width, height, colour]. */
const PARTS: readonly (readonly [number, number, number, number, string])[] = [
  [0, 0, 32, 32, '#101315'],
  [4, 11, 15, 10, '#f5a300'],
  [4, 10, 2, 12, '#eceeef'],
  [17, 10, 2, 12, '#eceeef'],
  [12, 12, 2, 8, '#101315'],
  [19, 14, 7, 4, '#a4abb1'],
  [26, 12, 2, 8, '#eceeef'],
];

/** The icon as SVG. */
export const iconSvg = (): string => {
  const parts = PARTS.map(
    ([x, y, width, height, fill]) =>
      `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${parts.join('')}</svg>`;
};

/** A chunk of PNG: https://www.w3.org/TR/png-3/#5Chunk-layout */
const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
};

/** The icon as PNG, so many pixels wide and high. */
export const iconPng = (size: number): Buffer => {
  const rows = Buffer.alloc(size * (1 + 3 * size));
  const scale = size / 32;
  for (const [left, top, width, height, colour] of PARTS) {
    const rgb = Buffer.from(colour.slice(1), 'hex');
    for (let y = top * scale; y < (top + height) * scale; y += 1)
      for (let x = left * scale; x < (left + width) * scale; x += 1)
        rgb.copy(rows, y * (1 + 3 * size) + 1 + 3 * x);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  // Eight bits a channel, red green blue.
  header.set([8, 2], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
};

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';
import { type BuildOptions, build, type Plugin } from 'esbuild';

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
const iconSvg = (): string => {
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
const iconPng = (size: number): Buffer => {
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

/** A file of the page; `hashed` when its name changes with its content, so that it may be kept for ever. */
export type PageFile = Readonly<{ bytes: Uint8Array; contentType: string; hashed: boolean }>;

/** The files of the page by their path on the server, `/index.html` among them. */
export type PageFiles = ReadonlyMap<string, PageFile>;

const SETTINGS = {
  bundle: true,
  write: false,
  minify: true,
  format: 'esm',
  target: 'es2023',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'silent',
} satisfies BuildOptions;

const sourceOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const textFile = (text: string, contentType: string): PageFile => ({
  bytes: new TextEncoder().encode(text),
  contentType: `${contentType}; charset=utf-8`,
  hashed: false,
});

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

/** What uPlot hands out to whoever may want it, and this page does not use: it goes, and the functions for it with it. */
const UNUSED_OF_UPLOT = /^\t\(paths\.(?:stepped|bars|spline) .*$|^\tuPlot\.join = .*$/gm;

const leaner: Plugin = {
  name: 'leaner',
  setup: ({ onLoad }) =>
    onLoad({ filter: /uPlot\.esm\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll(UNUSED_OF_UPLOT, ''),
    })),
};

/** Scripts and styles, each under a name with its digest. */
const bundleAssets = async (): Promise<PageFiles> => {
  const outdir = '/assets';
  const { outputFiles } = await build({
    ...SETTINGS,
    entryPoints: [sourceOf('page.tsx'), sourceOf('page.css')],
    outdir,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    splitting: true,
    plugins: [leaner],
  });
  return new Map(
    outputFiles.map(({ path, contents }) => {
      const name = path.slice(path.lastIndexOf('/assets/'));
      const contentType = TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
      return [name, { bytes: contents, contentType, hashed: true }];
    }),
  );
};

const pathLike = (files: PageFiles, pattern: RegExp): string => {
  const path = [...files.keys()].find((name) => pattern.test(name));
  if (path === undefined) throw new Error(`the bundle of the page lacks ${pattern}`);
  return path;
};

const indexOf = (assets: PageFiles): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Cylinder Sentinel</title>
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#f3f3ef" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#101315" media="(prefers-color-scheme: dark)">
<link rel="stylesheet" href="${pathLike(assets, /page-\w+\.css$/)}">
<script type="module" src="${pathLike(assets, /page-\w+\.js$/)}"></script>
<link rel="manifest" href="/manifest.webmanifest">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="apple-touch-icon" href="/icon-192.png">
</head>
<body><div id="page"><p class="opening">Cylinder Sentinel</p><noscript>This page needs JavaScript.</noscript></div></body>
</html>
`;

const MANIFEST = JSON.stringify({
  name: 'Cylinder Sentinel',
  short_name: 'Cylinders',
  start_url: '/',
  display: 'standalone',
  background_color: '#101315',
  theme_color: '#101315',
  icons: [
    { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' },
    ...[192, 512].map((size) => ({
      src: `/icon-${size}.png`,
      sizes: `${size}x${size}`,
      type: 'image/png',
      purpose: 'any maskable',
    })),
  ],
});

const bundleWorker = async (files: readonly string[], version: string): Promise<PageFile> => {
  const { outputFiles } = await build({
    ...SETTINGS,
    entryPoints: [sourceOf('service-worker.ts')],
    define: { FILES: JSON.stringify(files), VERSION: JSON.stringify(version) },
  });
  return textFile(outputFiles[0]?.text ?? '', 'text/javascript');
};

/** The script by which people sign in, for a server where they have to. */
export const bundleSignIn = async (): Promise<PageFile> => {
  const { outputFiles } = await build({ ...SETTINGS, entryPoints: [sourceOf('sign-in.ts')] });
  return textFile(outputFiles[0]?.text ?? '', 'text/javascript');
};

/** Puts the page together for a server or a deploy. */
export const bundlePage = async (): Promise<PageFiles> => {
  const assets = await bundleAssets();
  const index = indexOf(assets);
  const version = createHash('sha256').update(index).digest('hex').slice(0, 12);
  const icons = [192, 512].map((size): [string, PageFile] => [
    `/icon-${size}.png`,
    { bytes: iconPng(size), contentType: 'image/png', hashed: false },
  ]);
  return new Map([
    ...assets,
    ...icons,
    ['/index.html', textFile(index, 'text/html')],
    ['/manifest.webmanifest', textFile(MANIFEST, 'application/manifest+json')],
    ['/icon.svg', textFile(iconSvg(), 'image/svg+xml')],
    ['/service-worker.js', await bundleWorker([...assets.keys()], version)],
  ]);
};

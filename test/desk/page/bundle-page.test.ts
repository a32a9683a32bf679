import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { bundlePage } from '../../../desk/page/bundle-page.ts';

const files = await bundlePage();
const textOf = (path: string): string => new TextDecoder().decode(files.get(path)?.bytes);

test('the page weighs less than 60 kB, whatever a person opens, and with the words of both languages no more', () => {
  const weightOf = (isLoaded: (path: string) => boolean): number =>
    [...files].reduce(
      (sum, [path, { bytes }]) => sum + (isLoaded(path) ? gzipSync(bytes, { level: 9 }).length : 0),
      0,
    );
  for (const other of ['english', 'korean']) {
    const weight = weightOf((path) => !path.includes(other));
    assert.ok(weight <= 58_000, `without ${other} it weighs ${weight} bytes`);
  }
  const weight = weightOf(() => true);
  assert.ok(weight <= 60_000, `in all it weighs ${weight} bytes`);
});

test('index.html names the hashed files, and neither it nor a script of theirs has code or style within', () => {
  const index = textOf('/index.html');
  const named = [...index.matchAll(/(?:href|src)="(\/[^"]+)"/g)].map(([, path = '']) => path);
  assert.deepEqual(
    named.filter((path) => !files.has(path)),
    [],
  );
  assert.ok(named.some((path) => /\/page-\w{8}\.js$/.test(path) && files.get(path)?.hashed === true));
  assert.doesNotMatch(index, /<style|style=|onload=|<script(?![^>]*src=)/);
});

test('what is not named by its content is asked for anew each time', () => {
  const kept = [...files].filter(([, { hashed }]) => hashed).map(([path]) => path);
  assert.ok(kept.every((path) => /^\/assets\/[\w-]+-\w{8}\.(?:js|css)$/.test(path)));
  assert.equal(files.get('/service-worker.js')?.hashed, false);
  assert.equal(files.get('/index.html')?.hashed, false);
});

test('the worker keeps the files of this bundle, and the icons are what the manifest says', () => {
  for (const [path, { hashed }] of files) if (hashed) assert.ok(textOf('/service-worker.js').includes(path));
  const manifest: { icons: { src: string; sizes: string; type: string }[] } = JSON.parse(
    textOf('/manifest.webmanifest'),
  );
  for (const { src, sizes, type } of manifest.icons) {
    const file = files.get(src);
    assert.ok(file !== undefined);
    assert.ok(file.contentType.startsWith(type));
    if (type === 'image/png') {
      const view = new DataView(file.bytes.buffer, file.bytes.byteOffset);
      assert.equal(`${view.getUint32(16)}x${view.getUint32(20)}`, sizes);
    }
  }
});

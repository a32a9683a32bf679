/** A file of the page; `hashed` when its name changes with its content, so that it may be kept for ever. */
export type PageFile = Readonly<{ bytes: Uint8Array; contentType: string; hashed: boolean }>;

/** The files of the page by their path on the server, `/index.html` among them. */
export type PageFiles = ReadonlyMap<string, PageFile>;

const INDEX = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Cylinder Sentinel</title>
<p>The API is at <a href="/api/openapi.json">/api</a>.</p>
</html>
`;

/** Puts the page together for a server or a deploy. */
export const bundlePage = (): Promise<PageFiles> =>
  Promise.resolve(
    new Map([
      [
        '/index.html',
        { bytes: new TextEncoder().encode(INDEX), contentType: 'text/html; charset=utf-8', hashed: false },
      ],
    ]),
  );

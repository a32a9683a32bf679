// @ts-check
/** Puts the files of the desk's page into the bundle of a function, in place of what puts them together. */

/** @type {import('esbuild').Plugin} */
const deskPage = {
  name: 'desk-page',
  setup: (build) => {
    build.onLoad({ filter: /[\\/]desk[\\/]page[\\/]bundle-page\.ts$/ }, async () => {
      const { bundlePage } = await import('../desk/page/bundle-page.ts');
      const files = [...(await bundlePage())].map(([path, { bytes, ...file }]) => [
        path,
        { ...file, bytes: Buffer.from(bytes).toString('base64') },
      ]);
      return {
        loader: 'js',
        contents: `const files = ${JSON.stringify(files)};
          export const bundlePage = async () =>
            new Map(files.map(([path, file]) => [path, { ...file, bytes: Buffer.from(file.bytes, 'base64') }]));`,
      };
    });
  },
};

module.exports = [deskPage];

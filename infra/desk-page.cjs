// @ts-check
/** Puts the files of the desk's page into the bundle of a function, in place of what puts them together. */

/** @type {import('esbuild').Plugin} */
const deskPage = {
  name: 'desk-page',
  setup: (build) => {
    build.onLoad({ filter: /[\\/]desk[\\/]page[\\/]bundle-page\.ts$/ }, async () => {
      const { bundlePage, bundleSignIn } = await import('../desk/page/bundle-page.ts');
      const page = new Map([...(await bundlePage()), ['/sign-in.js', await bundleSignIn()]]);
      const files = Array.from(page, ([path, { bytes, ...file }]) => [
        path,
        { ...file, bytes: Buffer.from(bytes).toString('base64') },
      ]);
      return {
        loader: 'js',
        contents: `const files = new Map(${JSON.stringify(files)}
            .map(([path, file]) => [path, { ...file, bytes: Buffer.from(file.bytes, 'base64') }]));
          export const bundleSignIn = async () => files.get('/sign-in.js');
          export const bundlePage = async () => files;`,
      };
    });
  },
};

module.exports = [deskPage];

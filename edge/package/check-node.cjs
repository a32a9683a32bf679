// @ts-check
'use strict';
/**
 * Ends with one line where Node is too old, before it meets what it cannot read: this file is for any Node.
 * `node check-node.cjs 22.13` is what a component begins with.
 */

/** @param {string} least @param {string} version @returns {boolean} */
const isTooOld = (least, version) => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = least.split('.').map(Number);
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
};

/** @param {string} least @param {(message: string) => void} say @param {string} [version] */
const checkNode = (least, say, version = process.versions.node) => {
  if (!isTooOld(least, version)) return;
  say(`Node ${version} is too old, ${least} or later is needed (this one is ${process.execPath})`);
  process.exit(1);
};

module.exports = checkNode;

if (require.main === module) {
  checkNode(process.argv[2] || '22.13', (message) => {
    const entry = { time: new Date().toISOString(), level: 'error', event: 'ended' };
    const advice = `${message}: set node in the configuration of the component to the path of another`;
    process.stdout.write(`${JSON.stringify(Object.assign(entry, { message: advice }))}\n`);
  });
}

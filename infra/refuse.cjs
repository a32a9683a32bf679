// @ts-check
const { writeSync } = require('node:fs');

/**
 * Ends here, with these sentences alone, before anything is deployed: of an error the framework makes a line for each
 * place that needed the value, behind the names of whatever it was resolving at the time.
 * @param {readonly string[]} sentences
 * @returns {never}
 */
module.exports = (sentences) => {
  writeSync(2, `\nError:\n${sentences.join('\n')}\n`);
  process.exit(1);
};

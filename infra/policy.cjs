// @ts-check
/** The policy file as the text that functions get, once it is known to be one that they will understand. */
const { readFile } = require('node:fs/promises');

/** @import { Framework } from './framework.d.ts' */

/** Environment variables of a Lambda hold 4 KB together. */
const MAX_BYTES = 3072;

/**
 * The framework prints the stack where there is one; who typed this wants the sentence.
 * @param {string} text
 */
const refusal = (text) => Object.assign(new Error(text), { stack: text });

/** @param {string} file @returns {Promise<unknown>} */
const readJson = async (file) => {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw refusal(
      `the policy file ${file} cannot be read as JSON: ${cause instanceof Error ? cause.message : cause}`,
    );
  }
};

/** @param {Framework} framework */
module.exports = async ({ resolveVariable }) => {
  const file = await resolveVariable('param:policy');
  if (file === '') return '';
  const policies = await readJson(file);
  const { readPolicyBook } = await import('../domain/alarm/policy/policy-book.ts');
  const reading = readPolicyBook(policies);
  if (!reading.ok) {
    const faults = reading.faults.map(({ field, message }) => `${field} ${message}`);
    throw refusal(`${file}: ${faults.join('; ')}`);
  }
  const text = JSON.stringify(policies);
  if (Buffer.byteLength(text) > MAX_BYTES) {
    throw refusal(`${file}: a policy must have at most ${MAX_BYTES} bytes as compact JSON`);
  }
  return text;
};

// @ts-check
/** The policy file as the text that functions get. infra/check-parameters.cjs refuses one that they would not take. */
const { readFile } = require('node:fs/promises');
const reading = require('./reading.cjs');

/** @import { Framework } from './framework.d.ts' */

/** Environment variables of a Lambda hold 4 KB together. */
const MAX_BYTES = 3072;

/**
 * The text of a policy file, and what is wrong with it, in sentences that name its fields.
 * @param {string} file @returns {Promise<{ text: string, faults: readonly string[] }>}
 */
const read = async (file) => {
  const { readPolicyBook } = await import('../domain/alarm/policy/policy-book.ts');
  try {
    // Editors on Windows begin a file with a mark of its byte order, which JSON has none of.
    const policies = JSON.parse((await readFile(file, 'utf8')).replace(/^\uFEFF/, ''));
    const reading = readPolicyBook(policies);
    const text = JSON.stringify(policies);
    const faults = reading.ok
      ? []
      : reading.faults.map(({ field, message }) => `${file}: ${field} ${message}`);
    if (Buffer.byteLength(text) > MAX_BYTES)
      faults.push(`${file}: a policy must have at most ${MAX_BYTES} bytes as compact JSON`);
    return { text, faults };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : cause;
    return { text: '', faults: [`the policy file ${file} cannot be read as JSON: ${why}`] };
  }
};

/**
 * The policies that functions get: those of the file, at the period that the map of devices states.
 * @param {Framework} framework
 */
const given = async ({ resolveVariable }) => {
  const file = await resolveVariable('param:policy');
  const map = await resolveVariable('param:map');
  const text = file === '' ? '' : (await read(file)).text;
  const { periodMs } = (map === '' ? undefined : (await reading.readMap(map)).mapping) ?? {};
  return periodMs === undefined ? text : await atPeriod(text, periodMs);
};

/** @param {string} text @param {number} periodMs */
const atPeriod = async (text, periodMs) => {
  const { policiesAtPeriod } = await import('../domain/alarm/policy/policy-book.ts');
  return JSON.stringify(policiesAtPeriod(JSON.parse(text || '{}'), periodMs));
};

/**
 * What is wrong with sound policies at the period of a map, which are longer.
 * @param {Framework} framework
 */
const lengthFaults = async (framework) => {
  const bytes = Buffer.byteLength(await given(framework));
  return bytes <= MAX_BYTES
    ? []
    : [`the policies at the periodMs of the map must have at most ${MAX_BYTES} bytes, not ${bytes}`];
};

module.exports = Object.assign(given, { read, lengthFaults });

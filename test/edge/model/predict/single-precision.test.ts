import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expf, logf } from '../../../../edge/model/predict/single-precision.ts';
import { singleHex } from '../reference.ts';

// Given by glibc 2.36 on x86-64.
for (const [x, expected] of [
  [0, '3f800000'],
  [1, '402df854'],
  [-1, '3ebc5ab2'],
  [0.5, '3fd3094c'],
  [88.72283172607422, '7f7fff84'],
  [88.72283935546875, '7f800000'],
  [-87.33654022216797, '00800026'],
  [-103.97207641601562, '00000001'],
  [-103.97208404541016, '00000000'],
  // Correct rounding would differ.
  [0.66255861520767212, '3ff849b3'],
  [1.0538994073867798, '40379aaf'],
  [12.630911827087402, '4895599d'],
  [Number.NEGATIVE_INFINITY, '00000000'],
  [Number.POSITIVE_INFINITY, '7f800000'],
] as const)
  test(`expf(${x}) is ${expected}`, () => assert.equal(singleHex(expf(x)), expected));

for (const [x, expected] of [
  [1, '00000000'],
  [2, '3f317218'],
  [0.5, 'bf317218'],
  [1.8571428060531616, '3f1e795a'],
  [9, '400c9f54'],
  // Correct rounding would differ.
  [0.025709750130772591, 'c06a4bf0'],
  [0.14987421035766602, 'bff2f051'],
  [0.15070022642612457, 'bff23c37'],
  [3.4028234663852886e38, '42b17218'],
  [1.1754943508222875e-38, 'c2aeac50'],
] as const)
  test(`logf(${x}) is ${expected}`, () => assert.equal(singleHex(logf(x)), expected));

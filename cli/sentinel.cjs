#!/usr/bin/env node
// @ts-check
'use strict';
/** What `npx sentinel` starts: a Node that cannot read TypeScript says so, before it fails at it. */
const checkNode = require('../edge/package/check-node.cjs');

checkNode('22.18', (message) => {
  process.stderr.write(`sentinel: ${message}: run npm ci, which brings Node 24 along, then npx sentinel\n`);
});
// What is compiled is kept from start to start: the next takes half the time and, without what strips types, less memory.
require('node:module').enableCompileCache(require('node:path').join(__dirname, '../.cache/compiled'));
import('./sentinel.ts');

#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { main } from '../src/cli/main.ts';
import { processHost } from '../src/host.ts';

// What a request leaves behind dies at once, so the part of the heap for the young need not grow with the load: it takes
// 13 MB more over a million requests otherwise, collected in longer pauses.
setFlagsFromString('--semi-space-growth-factor=1');

process.exitCode = await main(processHost());

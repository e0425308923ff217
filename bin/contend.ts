#!/usr/bin/env node
import { main } from '../src/cli/main.ts';
import { processHost } from '../src/host.ts';

process.exitCode = await main(processHost());

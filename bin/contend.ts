#!/usr/bin/env node
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { main } from '../src/cli/main.ts';
import { processHost } from '../src/host.ts';

// What a request leaves behind dies at once, so the part of the heap for the young need not grow with the load, but once,
// before it: it takes 13 to 25 MB more over a million requests otherwise, collected in longer pauses. The little that it has to look at is no work for several
// threads, which would be another core's. What outlives it is let grow by a fifth before it is collected, not by V8's two to four
// times.
setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--no-parallel-scavenge');
setFlagsFromString('--heap-growing-percent=20');

/** What the part for the young is let grow to before a load, in bytes: a scenario is collected a quarter as often as in V8's first one. */
const youngBytes = 4 * 1024 * 1024;

/** Lets that part grow, once: V8 does so where more has outlived it than it holds. Takes some ms. */
const growYoung = (): void => {
  // Both of its halves.
  const takenBytes = (): number =>
    getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? Infinity;
  const kept: number[][] = [];
  setFlagsFromString('--semi-space-growth-factor=4');
  for (let part = 0; part < 40 && takenBytes() < 2 * youngBytes; part++)
    for (let at = 0; at < 200; at++) kept.push(Array.from({ length: 128 }, () => part));
  setFlagsFromString('--semi-space-growth-factor=1');
};

/** What is still open so long after the end is not going to close. */
const openMs = 10_000;

process.exitCode = await main({ ...processHost(), readyForLoad: growYoung });

// All is said: a connection that does not close must not keep a pipeline waiting. Holds nothing up itself.
setInterval(() => {
  // Whoever reads slowly gets all of it.
  if (process.stdout.writableLength > 0) return;
  const open = [...new Set(process.getActiveResourcesInfo())];
  process.stderr.write(
    `contend: done, but something stays open (${open.join(', ')}). Please report it: nothing of it is lost.\n`,
  );
  process.exit();
}, openMs).unref();

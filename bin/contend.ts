#!/usr/bin/env node
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { main } from '../src/cli/main.ts';
import { processHost } from '../src/host.ts';

// What a request leaves behind is garbage at once, so the young generation grows once, before the load, and not with it: otherwise it takes
// 13 to 25 MB more over a million requests and its pauses are longer. A scavenge has little to do, so one thread does it and leaves the
// other cores alone. The old generation may grow by a fifth before it is collected, instead of V8's two to four times.
setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--no-parallel-scavenge');
setFlagsFromString('--heap-growing-percent=20');

/** Size of the young generation before a load, in bytes: a quarter as many scavenges as with V8's initial size. */
const youngBytes = 4 * 1024 * 1024;

/** Grows it once: V8 does so if more objects survive than it holds. Takes a few ms. */
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

/** What is still open this long after the end will not close. */
const openMs = 10_000;

process.exitCode = await main({ ...processHost(), readyForLoad: growYoung });

// Everything is written: a connection that does not close must not keep a pipeline waiting. The timer itself keeps nothing alive.
setInterval(() => {
  // A slow reader still gets all of it.
  if (process.stdout.writableLength > 0) return;
  const open = [...new Set(process.getActiveResourcesInfo())];
  process.stderr.write(
    `contend: done, but something stays open (${open.join(', ')}). Please report it: nothing of it is lost.\n`,
  );
  process.exit();
}, openMs).unref();

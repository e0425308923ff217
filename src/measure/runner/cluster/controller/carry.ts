import { basename, dirname, join } from 'node:path';
import type { Redis } from 'ioredis';
import { ContendError, messageOf } from '../../../../core/errors.ts';
import type { OpenFile } from '../../../../core/host.ts';
import { requestsOf } from '../../../../core/plan/plan.ts';
import { Histogram } from '../../../../core/recording/histogram.ts';
import { Live } from '../../../../core/recording/live.ts';
import { mergeRecordings } from '../../../../core/recording/merge.ts';
import type { Recording } from '../../../../core/recording/recording.ts';
import { shareOf, type AgentShare, type Job } from '../../../../core/slot.ts';
import { drainAfterInterruptUs } from '../../../engine/engine.ts';
import { loginsAtOnce } from '../../../iteration/login.ts';
import { LostShare, type CarryOptions } from '../../carry.ts';
import { readChunks } from '../link/chunks.ts';
import { readEnd } from '../link/end.ts';
import type { Measured, SlotEnd, SlotJob } from '../link/messages.ts';
import { patience, within } from '../link/patience.ts';
import { latestUs, type Lead } from './lead.ts';
import { lossOf } from './loss.ts';
import { untilIs, type Remote } from './remote.ts';

/** What carrying a slot to agents needs. */
export interface CarryParts {
  readonly remotes: readonly Remote[];
  /** The slot's number in the run, from 1. */
  readonly slot: number;
  readonly job: Omit<Job, 'shard'>;
  readonly options: CarryOptions;
  /** Zero of the run's clock, by Redis' clock, in µs since 1970. */
  readonly epochUs: number;
  /** What agents were sent before: hashes by name. */
  readonly tables: SlotJob['tables'];
  readonly files: string | undefined;
  /** A connection that is used for nothing else. */
  readonly blocking: (remote: Remote) => Promise<Redis>;
  readonly listOf: (remote: Remote, slot: number) => string;
  /** Aborted when the run is over. */
  readonly over: AbortSignal;
  /** Aborted when any agent is lost. */
  readonly lost: AbortSignal;
  readonly lose: (remote: Remote, how: string) => void;
  /** How long before a slot begins agents are notified. */
  readonly lead: Lead;
  /** Called when the slot has begun. */
  readonly running: () => void;
  readonly openFile: OpenFile;
}

/** What came back from the agents. */
export interface Carried {
  readonly recording: Recording;
  readonly shares: readonly AgentShare[];
}

/**
 * Runs a slot on agents: all of them begin at the same time, once every one is ready. As soon as one is lost, the others are
 * stopped, and none takes over its share.
 *
 * @throws {LostShare} if not every agent gave a recording
 * @throws {ContendError} what an agent could not do, as ERR_LOGIN; ERR_REDIS
 */
export const carryOver = async (parts: CarryParts): Promise<Carried> => {
  const { remotes, slot, options, lost, lose } = parts;
  const { signal, clock } = options;
  // The earliest time counts, even if another agent is given up later.
  let stoppedUs = Infinity;
  const stop = (): void => {
    stoppedUs = Math.min(stoppedUs, clock.now());
    const reason = String(lost.aborted ? 'another agent was lost' : signal.reason);
    for (const remote of remotes.filter(({ measuredSlot }) => measuredSlot < slot))
      void remote.tell({ kind: 'abort', slot, reason }).catch(() => undefined);
  };
  await unlessLost(Promise.all(remotes.map(async (remote, at) => give(remote, at, parts))), lost);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  const reading = new AbortController();
  const times: Times = { beginsUs: Infinity, endsUs: Infinity };
  const isLate = (): boolean => {
    const stopped = lost.aborted ? patience.restMs * 1000 : drainAfterInterruptUs + patience.resultMs * 1000;
    return clock.now() > Math.min(times.endsUs, stoppedUs + stopped);
  };
  const looking = setInterval(() => {
    show(remotes, slot, options.live);
    // A message sent while a connection was lost has not arrived.
    if (stoppedUs < Infinity) stop();
    else if (clock.now() > times.beginsUs) beginAgain(parts, times);
  }, 200);
  try {
    const ends: (SlotEnd | undefined)[] = remotes.map(() => undefined);
    const all = remotes.map(async (remote, at) => {
      const isDone = (): boolean => remote.measuredSlot >= slot || remote.lost !== undefined || parts.over.aborted;
      await untilIs([remote], () => isDone() || isLate());
      // If Redis was lost this is not awaited, and it must not outlive the run.
      if (parts.over.aborted) return;
      if (remote.measuredSlot < slot && !lost.aborted) lose(remote, 'did not report the slot in time');
      if (remote.measuredSlot < slot) return;
      try {
        ends[at] = await read(remote, parts, AbortSignal.any([reading.signal, parts.over]));
      } catch (error) {
        lose(remote, `sent a result that cannot be read: ${messageOf(error)}`);
      }
      // The others have nothing left to wait for.
      if (ends[at]?.kind !== 'recording') stop();
    });
    await unlessLost(begun(parts, times), lost);
    await unlessLost(Promise.all(all), lost);
    // A lost agent may have delivered a part, and the rest never comes. Without Redis nothing comes.
    const others = all.filter((_, at) => remotes[at]!.lost === undefined);
    if (lost.reason instanceof LostShare) await within(Promise.all(others), patience.restMs);
    return put(parts, ends);
  } finally {
    clearInterval(looking);
    show(remotes, slot, options.live);
    signal.removeEventListener('abort', stop);
    reading.abort();
  }
};

/** When a slot begins, and when it should be over at the latest; known once it has begun. */
interface Times {
  beginsUs: number;
  endsUs: number;
}

/** Repeats the start to agents that missed it. If that is too late, they are reported, or the slot is invalid. */
const beginAgain = ({ remotes, slot, epochUs }: CarryParts, { beginsUs }: Times): void => {
  for (const remote of remotes.filter(({ begunSlot, measuredSlot }) => Math.max(begunSlot, measuredSlot) < slot))
    void remote.tell({ kind: 'begin', slot, atUs: epochUs + beginsUs }).catch(() => undefined);
};

/** Waits for something that needs Redis, but only until an agent is lost. */
const unlessLost = async (promise: Promise<unknown>, lost: AbortSignal): Promise<void> => {
  let end: (() => void) | undefined;
  const losing = new Promise<void>((resolve) => {
    end = resolve;
    lost.addEventListener('abort', end, { once: true });
    if (lost.aborted) resolve();
  });
  try {
    await Promise.race([promise, losing]);
  } finally {
    lost.removeEventListener('abort', end!);
  }
};

/** Puts the job on an agent's queue. */
const give = async (remote: Remote, at: number, parts: CarryParts): Promise<void> => {
  const { remotes, slot, job, epochUs, tables, files } = parts;
  const threads = remotes.map(({ facts }) => facts!.threads);
  const { files: _, ...endpoint } = job.endpoint;
  const asked: SlotJob = {
    slot,
    job: { ...job, endpoint, ...(job.histories === undefined ? {} : { histories: basename(job.histories) }) },
    first: sum(threads.slice(0, at)),
    count: sum(threads),
    ...(files === undefined ? {} : { files }),
    tables,
    epochUs,
  };
  const sealed = remote.seal.sealJson('slot', asked);
  await remote.give({ name: 'slot', id: `slot-${slot}`, sealed });
};

/** Begins the slot when all agents are ready, unless it was ended before. */
const begun = async (
  { remotes, slot, job, options, epochUs, lose, lost, lead, running }: CarryParts,
  times: Times,
): Promise<void> => {
  const { clock, signal } = options;
  const untilUs = clock.now() + patience.readyMs * 1000 + loginUs(job, remotes);
  const isEnded = (): boolean =>
    signal.aborted || lost.aborted || remotes.some(({ measuredSlot }) => measuredSlot >= slot);
  const isReady = ({ readySlot }: Remote): boolean => readySlot >= slot;
  await untilIs(remotes, () => isEnded() || remotes.every(isReady) || clock.now() > untilUs);
  if (isEnded()) return;
  const unready = remotes.find((remote) => !isReady(remote));
  if (unready !== undefined) {
    lose(unready, 'was not ready in time');
    return;
  }
  const widest = Math.max(...remotes.map(({ withinUs }) => (withinUs === Infinity ? 0 : withinUs)));
  const atUs = clock.now() + lead.us(widest);
  times.beginsUs = atUs;
  await Promise.all(remotes.map(async (remote) => remote.tell({ kind: 'begin', slot, atUs: epochUs + atUs })));
  running();
  const { stop, mode } = job;
  if (stop.kind === 'duration')
    times.endsUs = atUs + mode.load.warmupUs + stop.durationUs + mode.load.drainUs + patience.resultMs * 1000;
};

/** The longest that an agent's logins may take. */
const loginUs = ({ mode: { login = [], load } }: CarryParts['job'], remotes: readonly Remote[]): number => {
  const count = sum(remotes.map(({ facts }) => facts!.threads));
  const users = shareOf(load.users, { index: 0, count });
  const one = sum(
    requestsOf(login).map(({ timeoutUs, retry, redirects = 0 }) => timeoutUs * (1 + redirects + (retry?.times ?? 0))),
  );
  return one * Math.ceil(users / loginsAtOnce);
};

/** What became of the slot on one agent; its histories are written where the job wants them. */
const read = async (
  remote: Remote,
  { slot, job, blocking, listOf, openFile }: CarryParts,
  signal: AbortSignal,
): Promise<SlotEnd> => {
  const folder = dirname(job.histories ?? '');
  const parts = readChunks(await blocking(remote), { key: listOf(remote, slot), seal: remote.seal, signal });
  const end = await readEnd(parts, (of, at) => openFile(pathIn(folder, of, at)));
  if (end.kind !== 'recording') return end;
  const { recording, withinUs } = end;
  const epsilonNs = withinUs === null ? null : Math.ceil(withinUs * 1000);
  const histories = recording.histories.map((history, at) => ({
    ...history,
    path: pathIn(folder, end, at),
    agent: remote.of.shard,
    epsilonNs,
  }));
  return { ...end, recording: { ...recording, histories } };
};

const pathIn = (folder: string, end: SlotEnd, at: number): string =>
  join(folder, basename(end.kind === 'recording' ? end.recording.histories[at]!.path : ''));

/** Shows what agents have counted so far. */
const show = (remotes: readonly Remote[], slot: number, { memory }: Live): void => {
  for (const [row, { beat }] of remotes.entries())
    if (beat?.slot === slot) new Live(memory, row).replace(beat.failed, beat.histogram);
};

/** Puts together what came back. */
const put = ({ remotes, lost, lead, job }: CarryParts, ends: readonly (SlotEnd | undefined)[]): Carried => {
  const measured = ends.flatMap((end, at): (Measured & { readonly remote: Remote })[] => {
    const some = end?.kind === 'recording' ? end : end?.kind === 'lost' ? end.rest : undefined;
    return some === undefined ? [] : [{ ...some, remote: remotes[at]! }];
  });
  const [first, ...others] = measured.map(({ recording }) => recording);
  const rest = first === undefined ? undefined : mergeRecordings([first, ...others]);
  for (const [at, end] of ends.entries()) {
    if (end?.kind === 'refused') {
      const { code, message, hint } = end.why;
      throw new ContendError(code, `${remotes[at]!.name}: ${message}`, hint);
    }
    if (end?.kind === 'lost') throw new LostShare(`${remotes[at]!.name}: ${end.how}`, rest);
  }
  if (lost.aborted) {
    const reason: unknown = lost.reason;
    throw reason instanceof LostShare ? new LostShare(reason.message, rest, reason.hint) : reason;
  }
  lead.seen(Math.min(...measured.map(({ noticeUs }) => noticeUs)));
  const mostUs = latestUs(job.mode.load.warmupUs);
  const late = measured.find(({ noticeUs }) => -noticeUs > mostUs);
  if (late !== undefined) throw lossOf(remotes, late.remote, howLate(-late.noticeUs, mostUs), rest);
  return { recording: rest!, shares: measured.map(shareIn) };
};

const howLate = (lateUs: number, mostUs: number): string => {
  const [late, most] = [lateUs, mostUs].map((us) => Math.round(us / 1000));
  return `heard ${late} ms too late that the slot had begun (${most} ms at most)`;
};

const shareIn = ({ remote, recording, noticeUs, withinUs }: Measured & { readonly remote: Remote }): AgentShare => {
  const { window, generator, times } = recording;
  const response = Histogram.from(times.response);
  const share: AgentShare = {
    agent: remote.of.shard + 1,
    completed: window.completed,
    windowUs: window.toUs - window.fromUs,
    p50Us: response.percentile(50),
    p99Us: response.percentile(99),
    cpuUs: generator.cpuUs,
    wallUs: generator.wallUs,
    lateUs: Math.max(0, -noticeUs),
    withinUs,
  };
  response.free();
  return share;
};

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

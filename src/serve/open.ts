import { realpathSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ContendError } from '../core/errors.ts';
import type { Host } from '../core/host.ts';
import { nameOf, type Served } from './check.ts';
import { environmentOf, filledWords, shownWords, type Given } from './fill.ts';
import { commitOf, gitEnvironment, outsideHook, type Commit } from './git.ts';
import { startKeeper, type KeeperProcess } from './start-keeper.ts';
import type { Answer, Failure, Stopped, Used } from './keeper/protocol.ts';
import { askOnce, takesConnection } from './keeper/ready.ts';
import { whoListensOn } from './proc/listener.ts';

/** A target that contend has started, ready for requests. */
export interface OpenServe {
  readonly port: number;
  /** The commit it was started from; absent: the files as they are. */
  readonly commit?: string;
  /** Why its usage cannot be measured; absent: it can be. */
  readonly unmeasured?: string;
  /** Resolves if it ends by itself, with an error that says how; pending otherwise. */
  readonly died: Promise<ContendError>;
  /** Starts counting what it uses. */
  begin(): Promise<void>;
  /** What it has used since. `undefined` if that cannot be measured. */
  end(): Promise<Used | undefined>;
  /** Ends it and everything it started, removes its folder and writes its log, once. */
  close(): Promise<Stopped>;
}

/** Where a process is started. */
export interface Place extends Pick<Host, 'execPath' | 'env'> {
  /** The scenario's file. */
  readonly file: string;
  /** What to mask in its log. */
  readonly secrets: readonly string[];
  /** Where its log is written when it ends; absent: nowhere. */
  readonly log?: string | undefined;
  /** Its port if its target names none. */
  readonly freePort: number;
  /** Called with what is being done. */
  readonly tell: (doing: 'setting up' | 'starting') => void;
}

/**
 * Starts what a plan serves: runs its setup, starts its process, and waits until it is ready. Nothing of it outlives this process,
 * however that ends.
 *
 * @throws {ContendError} ERR_SERVE: its port is taken, its setup failed, it is not ready in time, it ended, its commit does not
 * exist; ERR_USAGE: its `cwd` is outside the repository
 * @throws the signal's reason
 */
export const openServe = async (served: Served, place: Place, signal: AbortSignal): Promise<OpenServe> => {
  const { serve } = served;
  const { port = place.freePort, origin } = serve;
  const failed = (failure: Failure): ContendError => failureOf(served, failure);
  if (serve.port !== undefined) {
    if (serve.reuse === true && (await askOnce(serve.ready, origin, port)).isReady) return running(port);
    if ((await takesConnection(origin, port)).isReady) throw failed(portTaken(port));
  }
  const folder = realpathSync(dirname(place.file));
  const commit = serve.git === undefined ? undefined : await commitOf(folder, serve.cwd, serve.git, place.env);
  signal.throwIfAborted();
  const told = {
    prefix: join(realpathSync(tmpdir()), 'contend-serve-'),
    secrets: place.secrets,
    stop: { signal: serve.stop.signal, withinMs: serve.stop.withinUs / 1000 },
    ...(place.log === undefined ? {} : { log: resolve(place.log) }),
  };
  place.tell(commit === undefined && serve.setup === undefined ? 'starting' : 'setting up');
  const keeper = await startKeeper(place.execPath, told, signal);
  try {
    const cwd =
      commit === undefined ? resolve(folder, serve.cwd) : await checkedOut(commit, keeper, served, place, signal);
    const given: Given = { port, folder: keeper.folder };
    const env = environmentOf(serve, commit === undefined ? place.env : outsideHook(place.env), given);
    if (serve.setup !== undefined) {
      const set = await keeper.ask({ ask: 'run', words: filledWords(serve.setup, given), cwd, env }, signal);
      if ('failed' in set)
        throw failed({ ...set, failed: `could not be set up: ${shownWords(serve.setup)} ${set.failed}` });
    }
    const { ready } = serve;
    place.tell('starting');
    const words = filledWords(serve.command, given);
    const started = await keeper.ask({ ask: 'start', words, cwd, env, ready, origin, port }, signal);
    if (!('ready' in started)) throw failed('failed' in started ? started : { failed: 'was not started', lines: [] });
    return {
      port,
      ...(commit === undefined ? {} : { commit: commit.id }),
      ...(started.unmeasured === undefined ? {} : { unmeasured: started.unmeasured }),
      died: keeper.died.then(failed),
      begin: async () => void (await keeper.ask({ ask: 'begin' })),
      end: async () => usedIn(await keeper.ask({ ask: 'end' })),
      close: async () => closed(keeper),
    };
  } catch (error) {
    await keeper.close();
    throw error;
  }
};

const checkedOut = async (
  { repository, id, cwd }: Commit,
  keeper: KeeperProcess,
  served: Served,
  { env }: Place,
  signal: AbortSignal,
): Promise<string> => {
  const answer = await keeper.ask({ ask: 'checkout', repository, id, env: gitEnvironment(env) }, signal);
  if ('worktree' in answer) {
    const folder = join(answer.worktree, cwd);
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return folder;
    throw failureOf(served, {
      failed: `cannot be started in ${cwd}: ${served.serve.git} (${id.slice(0, 12)}) has no such folder`,
      hint: 'cwd: must be in that commit, too; by default it is the scenario file’s folder, and cwd: .. is the one above.',
      lines: [],
    });
  }
  throw failureOf(served, {
    lines: [],
    ...answer,
    failed: `could not be checked out at ${served.serve.git}: git ${'failed' in answer ? answer.failed : ''}`,
  });
};

const failureOf = (served: Served, { failed, hint, lines }: Failure): ContendError =>
  new ContendError(
    'ERR_SERVE',
    `${nameOf(served)} ${failed}`,
    hint ?? `It is ${shownWords(served.serve.command)}.`,
    undefined,
    lines,
  );

const portTaken = (port: number): Failure => ({
  failed: `cannot be started: port ${port} is taken, ${whoListensOn(port)} listens there`,
  hint: 'Stop that process, or let contend choose a port: target: http://127.0.0.1:${port}, env: { PORT: "${port}" }.',
  lines: [],
});

const usedIn = (answer: Answer): Used | undefined => ('used' in answer ? (answer.used ?? undefined) : undefined);

const closed = async (keeper: KeeperProcess): Promise<Stopped> => {
  const answer = await keeper.ask({ ask: 'stop' });
  await keeper.close();
  return 'stopped' in answer ? answer.stopped : asEnded;
};

const asEnded: Stopped = { killed: false, left: [] };

/** A process that was already running: whoever started it ends it. */
const running = (port: number): OpenServe => ({
  port,
  unmeasured: 'it was already running, not started by contend',
  died: new Promise(() => undefined),
  begin: async () => undefined,
  end: async () => undefined,
  close: async () => asEnded,
});

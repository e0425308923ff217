import { randomBytes } from 'node:crypto';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { compilePattern } from '../../template/pattern.ts';
import { shownWords } from '../fill.ts';
import { isOlder, listenerOf, shownProcess } from '../proc/listener.ts';
import { hasProc, isGone } from '../proc/stat.ts';
import { membersOf, startedAt, type Root } from '../proc/tree.ts';
import { Usage } from '../proc/usage.ts';
import { elsewhere, strayOn } from './elsewhere.ts';
import { endAll, type Means } from './end.ts';
import { launch, type Launched } from './launch.ts';
import { Output } from './output.ts';
import type { Answer, Ask, Command, Failure, Stopped, Told } from './protocol.ts';
import { askOnce, type Found } from './ready.ts';
import { checkoutWords, removeWorktree } from './worktree.ts';

/** How many lines of its output to show with a failure. */
const mostLines = 20;
const askAgainMs = 50;
/** Even the last try has time to get an answer, because that answer is what is reported. */
const leastTryMs = 1000;
const looksEveryMs = 100;

const notThere: Found = { isReady: false, why: 'it has ended' };

const asEnded: Stopped = { killed: false, left: [] };

/**
 * Keeps one process for as long as contend needs it: starts it, collects its output, measures what it uses, and ends it with
 * everything it started. {@link Keeper.close} may be called at any time, whatever is going on.
 */
export class Keeper {
  readonly #told: Told;
  readonly #say: (answer: Answer) => void;
  readonly #means: Means;
  readonly #output: Output;
  readonly #id = randomBytes(8).toString('hex');
  #folder: string | undefined;
  /** Identifies the process's descendants, wherever they have gone. */
  #mark: { readonly file: string; readonly fd: number } | undefined;
  #worktree: { readonly repository: string; readonly path: string; readonly env: Command['env'] } | undefined;
  #running: { readonly launched: Launched; readonly root: Root } | undefined;
  #usage: Usage | undefined;
  #looks: NodeJS.Timeout | undefined;
  /** The process is being ended, or was: its exit is expected. */
  #stopping: Promise<Stopped> | undefined;
  #closed: Promise<void> | undefined;

  constructor(told: Told, say: (answer: Answer) => void, means: Means) {
    this.#told = told;
    this.#means = means;
    this.#say = say;
    this.#output = new Output(told.secrets);
  }

  /** Makes the folder. */
  async open(): Promise<Answer> {
    this.#folder = await mkdtemp(this.#told.prefix);
    await mkdir(join(this.#folder, 'data'));
    const file = join(this.#folder, 'mark');
    writeFileSync(file, '');
    this.#mark = { file, fd: openSync(file, 'r') };
    return { folder: join(this.#folder, 'data') };
  }

  /** Does what is asked, and reports the outcome. Never rejects because a command failed. */
  async answer(ask: Ask): Promise<Answer> {
    // The caller is gone.
    if (this.#closed !== undefined) return { stopped: asEnded };
    switch (ask.ask) {
      case 'run':
        return (await this.#run(ask)) ?? { done: true };
      case 'checkout':
        return this.#checkout(ask);
      case 'start':
        return this.#start(ask);
      case 'begin':
        return this.#begin();
      case 'end':
        return this.#end();
      default:
        return { stopped: await this.#stop() };
    }
  }

  /** Ends what runs, deletes the folder and writes the log; does so once. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#stop();
    if (this.#mark !== undefined) closeSync(this.#mark.fd);
    if (this.#worktree !== undefined) {
      const { repository, path, env } = this.#worktree;
      await removeWorktree(repository, path, env);
    }
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
    if (this.#told.log !== undefined) writeFileSync(this.#told.log, this.#output.text());
  }

  /** Runs a command to its end. Returns what went wrong, if anything did. */
  async #run(command: Command): Promise<Failure | undefined> {
    const { ended } = this.#launch(command);
    const { how, isWell } = await ended;
    // What it left behind in its group is not the process to be measured.
    await this.#stop();
    return isWell ? undefined : this.#failure(how);
  }

  async #checkout({ repository, id, env }: Ask & { readonly ask: 'checkout' }): Promise<Answer> {
    const path = join(this.#folder!, basename(this.#folder!));
    this.#worktree = { repository, path, env };
    const failed = await this.#run({ words: checkoutWords(repository, path, id), cwd: repository, env });
    return failed ?? { worktree: path };
  }

  #launch(command: Command): Launched {
    const mark = `SERVED_BY_CONTEND=${this.#id}`;
    this.#output.note(`$ ${shownWords(command.words)}`);
    const { file: markFile, fd } = this.#mark!;
    const launched = launch({ ...command, env: { ...command.env, SERVED_BY_CONTEND: this.#id } }, this.#output, fd);
    this.#stopping = undefined;
    const { pid } = launched;
    this.#running = pid === undefined ? undefined : { launched, root: { ...startedAt(pid), mark, markFile } };
    return launched;
  }

  async #start({ ready, origin, port, ...command }: Ask & { readonly ask: 'start' }): Promise<Answer> {
    let isLogged = ready.kind !== 'log';
    const pattern = ready.kind === 'log' ? compilePattern(ready.text) : undefined;
    this.#output.onLine(
      pattern &&
        ((line) => {
          isLogged ||= pattern.test(line);
        }),
    );
    const { pid, ended } = this.#launch(command);
    let end: Awaited<Launched['ended']> | undefined;
    void ended.then((how) => (end = how));
    const { clock } = this.#means;
    const untilUs = clock.now() + ready.withinUs;
    let found: Found = { isReady: false, why: `it wrote no line with ${ready.text}` };
    try {
      for (;;) {
        if (isLogged) {
          const tried = askOnce(ready, origin, port, Math.max(leastTryMs, (untilUs - clock.now()) / 1000));
          found = await Promise.race([tried, ended.then(() => notThere)]);
          // If it ends a moment later, something else answered: the process found its port taken.
          if (found.isReady) await pause(askAgainMs);
          if (found.isReady && end === undefined && pid !== undefined) {
            // A background process keeps the output open, so the first one's exit is reported late.
            if (hasProc() && isGone(pid)) return await this.#failedEarly(await ended, port);
            return await this.#isReady(pid, port, ended);
          }
        }
        if (end !== undefined) return await this.#failedEarly(end, port);
        if (this.#stopping !== undefined) return this.#failure('was ended before it was ready');
        if (clock.now() >= untilUs) return await this.#late(found, ready.withinUs, origin, port);
        await Promise.race([ended, pause(askAgainMs)]);
      }
    } finally {
      this.#output.onLine(undefined);
    }
  }

  async #late(found: Found, withinUs: number, origin: string, port: number): Promise<Failure> {
    const { root } = this.#running!;
    const there = !found.isReady && found.isNobody === true ? elsewhere(root, origin, port) : undefined;
    const why = [...(found.isReady ? [] : [found.why]), ...(there === undefined ? [] : [there.why])].join(', and ');
    const late = this.#failure(`was not ready in ${seconds(withinUs)}: ${why}`);
    await this.#stop();
    const hint = 'ready: { within: 2m } gives it more time; get, connect or log say what to wait for.';
    return { ...late, hint: there?.hint ?? (found.isReady ? undefined : found.hint) ?? hint };
  }

  async #failedEarly({ how, isWell }: Awaited<Launched['ended']>, port: number): Promise<Failure> {
    const failure = this.#failure(`${how} before it was ready`);
    const { root } = this.#running ?? {};
    const left = root === undefined || !hasProc() ? [] : membersOf(root).map(({ pid }) => shownProcess(pid));
    const stray =
      root === undefined || left.length > 0 || !isWell ? undefined : await strayOn(port, root, this.#means.clock);
    await this.#stop();
    if (stray !== undefined) {
      left.push(shownProcess(stray.pid));
      await endAll(stray, this.#told.stop.signal, this.#told.stop.withinMs, this.#means);
    }
    if (left.length === 0) return failure;
    const hint = 'contend measures and stops what it starts: keep it in the foreground (nginx: daemon off;).';
    return {
      ...failure,
      failed: `went into the background: it ${how}, and left ${left.join(', ')}, stopped now`,
      hint,
    };
  }

  async #isReady(pid: number, port: number, ended: Launched['ended']): Promise<Answer> {
    const { root } = this.#running!;
    const unmeasured = hasProc() ? this.#whyUnmeasured(root, port) : 'this system does not show its processes';
    if (typeof unmeasured === 'object') {
      await this.#stop();
      return unmeasured;
    }
    void this.#watch(ended);
    if (unmeasured === undefined) this.#usage = new Usage(root);
    return { ready: true, pid, ...(unmeasured === undefined ? {} : { unmeasured }) };
  }

  /** Reports it if the process ends by itself. */
  async #watch(ended: Launched['ended']): Promise<void> {
    const { how } = await ended;
    if (this.#stopping !== undefined) return;
    this.#say({ died: this.#failure(how) });
    await this.#stop();
  }

  /** Why the listening process cannot be measured. A failure if it was there before. */
  #whyUnmeasured(root: Root, port: number): string | Failure | undefined {
    const listener = listenerOf(
      port,
      membersOf(root).map(({ pid }) => pid),
    );
    if (listener.is === 'ours') return undefined;
    if (listener.is === 'unknown')
      return `contend cannot tell which process listens on port ${port}: it may be in a container, or another user's`;
    const who = shownProcess(listener.stranger.pid);
    if (!isOlder(listener.stranger, root))
      return `${who} listens on port ${port}, and is not one of its processes: a container?`;
    return {
      ...this.#failure(`does not listen on port ${port}: ${who}, which was there before, does`),
      hint: 'Stop that one, or make the process listen on ${port}: env: { PORT: "${port}" }.',
    };
  }

  #begin(): Answer {
    this.#usage?.begin();
    if (this.#usage !== undefined) this.#looks = setInterval(() => this.#usage?.look(), looksEveryMs);
    return { begun: true };
  }

  #end(): Answer {
    clearInterval(this.#looks);
    return { used: this.#usage?.read() ?? null };
  }

  /** Ends what runs, if anything. Callers that come while that is going on wait for it too. */
  #stop(): Promise<Stopped> {
    this.#stopping ??= this.#endRunning();
    return this.#stopping;
  }

  async #endRunning(): Promise<Stopped> {
    clearInterval(this.#looks);
    const running = this.#running;
    if (running === undefined) return asEnded;
    this.#running = undefined;
    this.#usage = undefined;
    const { signal, withinMs } = this.#told.stop;
    const stopped = await endAll(running.root, signal, withinMs, this.#means);
    // Everything it wrote while it was stopped.
    await running.launched.ended;
    return stopped;
  }

  #failure(failed: string): Failure {
    return { failed, lines: this.#output.lastLines(mostLines) };
  }
}

const seconds = (us: number): string => `${Number((us / 1e6).toPrecision(3))} s`;

import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../core/clock.ts';
import { ContendError } from '../../core/errors.ts';
import { absent, askedAt, info, ok, operations } from '../../core/history/history.ts';
import type { OpenFile } from '../../core/host.ts';
import { invariantName, type Invariant, type Mode } from '../../core/plan/plan.ts';
import type { HistoryRecording } from '../../core/recording/recording.ts';
import type { Named } from '../../template/holds.ts';
import { compileAfter } from '../iteration/answer.ts';
import { sendOne } from '../iteration/login.ts';
import { prepareStep } from '../iteration/prepare.ts';
import { compileQuestion, stepCapture, type Question } from '../iteration/question.ts';
import { HistoryLog } from '../record/history-log.ts';
import { newUser, type User } from '../user.ts';
import type { Outside, Reader, Renew } from './exchanges.ts';
import {
  noJson,
  refusedBy,
  unanswered,
  unsendable,
  untold,
  type AskedPlace,
  type Phase,
  type Unreadable,
} from './unreadable.ts';

const askOf = operations.indexOf('ask');

/** The observer is not a user; their numbers begin with 1. */
const nobody = 0;

/** What an observer asks, as which reader, and where it writes the answers. */
export interface ObserverOptions {
  readonly mode: Mode;
  readonly invariant: Invariant;
  readonly reader: Reader;
  readonly renew: Renew;
  readonly clock: Clock;
  readonly openFile: OpenFile;
  /** Path of the file with its answers. */
  readonly path: string;
  /** Opens the connection for a question during the load: each question has its own. Once aborted, it ends at once. */
  readonly open: (signal: AbortSignal) => Promise<Outside>;
}

/** Asks an invariant before the load, after it and, if the invariant says so, at intervals during the load. */
export class Observer implements AsyncDisposable {
  readonly #options: ObserverOptions;
  readonly #question: Question;
  readonly #log: HistoryLog;
  readonly #all: number;
  #reader: Reader;
  /** Once aborted, no new questions are asked. */
  readonly #over = new AbortController();
  /** Once aborted, the current question ends, too. */
  readonly #now = new AbortController();
  #asking: Promise<void> = Promise.resolve();
  #sent = 0;
  #answers: HistoryRecording | undefined;

  constructor(options: ObserverOptions) {
    this.#options = options;
    this.#reader = options.reader;
    this.#question = compileQuestion(options.invariant);
    this.#log = new HistoryLog(invariantName, options.path, options.openFile);
    this.#all = this.#log.key('all');
  }

  /** Requests sent during the load; `undefined` if it asks none then. */
  get sent(): number | undefined {
    return this.#options.invariant.everyUs === undefined ? undefined : this.#sent;
  }

  /**
   * Asks once, when nothing is under way.
   *
   * @throws {ContendError} ERR_FINAL_READ if the answer does not tell
   */
  async ask(phase: Phase, outside: Outside, signal: AbortSignal): Promise<void> {
    const asked = await this.#askOnce(phase, outside);
    if ('values' in asked) {
      const told = this.#question.holds(asked.values);
      if (typeof told !== 'string') {
        this.#note(asked, phase === 'initial read' ? askedAt.before : askedAt.after);
        return;
      }
    } else if (signal.aborted) return;
    const { problem, hint } = 'values' in asked ? untold(this.#question.holds(asked.values) as string) : asked;
    throw new ContendError(
      'ERR_FINAL_READ',
      `the invariant could not be checked, in mode ${this.#options.mode.name}: ${phase}: ${problem}`,
      hint,
    );
  }

  /** Starts asking, if the invariant is asked during the load: one question at a time, late ones are skipped. */
  begin(signal: AbortSignal): void {
    const { everyUs } = this.#options.invariant;
    if (everyUs === undefined) return;
    const interrupted = (): void => {
      this.#over.abort();
      this.#now.abort();
    };
    if (signal.aborted) interrupted();
    signal.addEventListener('abort', interrupted, { once: true });
    this.#asking = this.#askOn(everyUs).finally(() => signal.removeEventListener('abort', interrupted));
    // The one who calls `end` gets the error; until then nothing listens for it.
    this.#asking.catch(() => undefined);
  }

  /** Stops asking, after the current question. */
  async end(): Promise<void> {
    this.#over.abort();
    await this.#asking;
  }

  /** The answers; nothing can be asked afterwards. */
  finish(): HistoryRecording {
    this.#answers ??= this.#log.finish();
    return this.#answers;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
    this.finish();
  }

  async #askOn(everyUs: number): Promise<void> {
    const { clock, open } = this.#options;
    let dueUs = clock.now() + everyUs;
    while (await waited(dueUs - clock.now(), this.#over.signal)) {
      const outside = await open(this.#now.signal);
      try {
        const asked = await this.#askOnce('observer', outside);
        if ('values' in asked) this.#note(asked, askedAt.during);
        else if (!this.#now.signal.aborted) this.#note({ ...asked, values: undefined }, askedAt.during);
      } finally {
        this.#sent += outside.sent;
        await outside.close();
      }
      // If a question took longer than the interval, those that were due meanwhile are skipped.
      dueUs += everyUs * Math.max(1, Math.ceil((clock.now() - dueUs) / everyUs));
    }
  }

  #note({ sentUs, doneUs, values }: Times & { readonly values: Named | undefined }, at: number): void {
    const log = this.#log;
    const value = log.value(values);
    log.append(this.#all, nobody, askOf, values === undefined ? info : ok, sentUs, doneUs, value, at, absent);
  }

  /** Sends the requests of the invariant, one after the other. */
  async #askOnce(phase: Phase, outside: Outside): Promise<Times & ({ readonly values: Named } | Unreadable)> {
    const { mode, invariant, renew } = this.#options;
    const { requests } = invariant;
    try {
      this.#reader = await renew(this.#reader, outside);
    } catch (error) {
      if (!(error instanceof ContendError)) throw error;
      const { message: problem, hint } = error;
      return { sentUs: Infinity, doneUs: 0, problem, hint };
    }
    const reader = this.#reader;
    const names = new Set([...reader.known.keys(), ...requests.flatMap(({ capture }) => Object.keys(capture))]);
    const places = new Map([...names].map((name, at) => [name, at]));
    const user = newUser(reader.index, places.size);
    for (const [name, value] of reader.known) user.variables[places.get(name)!] = value;
    const values = new Map(reader.known);
    const times = { sentUs: Infinity, doneUs: 0 };
    const { exchange } = user;
    const isLone = requests.length === 1;
    for (const step of requests) {
      const request = isLone ? { ...step, name: phase } : step;
      const count = (): void => void outside.sent++;
      const keep = this.#question.needsBody && step === requests.at(-1) ? 'body' : 'head';
      const send = prepareStep(request, places, outside.way, count, keep);
      const why = await sendOne(user, request, send, count, compileAfter(request, places));
      times.sentUs = Math.min(times.sentUs, exchange.sentUs);
      times.doneUs = exchange.doneUs;
      const problem = problemOf(user, why, { mode, phase, request });
      if (problem !== undefined) return { ...times, ...problem };
      for (const name of Object.keys(step.capture)) {
        const value = user.variables[places.get(name)!];
        values.set(name, value).set(stepCapture(step.name, name), value);
      }
    }
    try {
      return { ...times, values: this.#question.read(exchange, (name) => values.get(name)) };
    } catch (error) {
      if (error instanceof SyntaxError) return { ...times, ...noJson(error.message, exchange, {}) };
      throw error;
    }
  }
}

/** Why an answer is unusable, or why there is none. A status that a step expects is usable. */
const problemOf = (user: User, why: string | undefined, place: AskedPlace): Unreadable | undefined => {
  const { exchange } = user;
  if (exchange.failure !== undefined) return unanswered(exchange.failure, exchange.detail, place);
  const refused = place.request.expect.status === undefined ? refusedBy(exchange, place) : undefined;
  return refused ?? (why === undefined ? undefined : unsendable(why, place.phase));
};

/** When a question was asked, and when it was answered completely. */
interface Times {
  readonly sentUs: number;
  readonly doneUs: number;
}

const waited = async (us: number, signal: AbortSignal): Promise<boolean> =>
  !signal.aborted && pause(Math.max(0, us / 1000), true, { signal }).catch(() => false);

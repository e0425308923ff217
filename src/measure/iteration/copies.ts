import type { Tally } from '../record/tally.ts';
import type { Send, Transport } from '../transport/transport.ts';
import { newUser, type After, type End, type Run, type User } from '../user.ts';
import type { SectionWatch, StepWatch } from './observe/observe.ts';
import { unsendable } from './run.ts';

/** A request that is sent several times at the same moment. */
export interface Copied {
  /** Its place among the mode's requests. */
  readonly number: number;
  readonly name: string;
  readonly copies: number;
  /** The places of the variables that it captures. */
  readonly kept: readonly number[];
  /** How many users there are, over all threads: those that send the copies are not among them. */
  readonly users: number;
}

/** What is done before each copy, and what follows its answer. */
interface Around {
  readonly begin: StepWatch['begin'] | undefined;
  readonly watch: SectionWatch | undefined;
  readonly after: After | undefined;
}

interface CopyParts {
  readonly transport: Transport;
  readonly tally: Tally;
}

/**
 * Sends a request several times in one turn of the event loop, each from its own session with the same values, and ends when
 * all are answered: like the first that failed, and with the captures of the one answered first.
 *
 * @cost a user for each copy, which is reused
 */
export const copied = (
  { number, name, copies, kept, users }: Copied,
  send: Send,
  { begin, watch, after }: Around,
  { transport, tally }: CopyParts,
): Run => {
  // By user.
  const crews: (readonly User[])[] = [];
  // By the user that sends a copy.
  const ends: End[] = [];
  const crewOf = (user: User): readonly User[] =>
    (crews[user.index] ??= [
      user,
      ...Array.from({ length: copies - 1 }, (_, at) =>
        newUser(user.index + users * (at + 1), user.variables.length, user.cookiesOf),
      ),
    ]);
  const answered: After = (one) => {
    tally.exchange(one, number);
    return after === undefined ? 'completed' : after(one);
  };
  return async (user) => {
    const crew = crewOf(user);
    for (const one of crew) if (one !== user) prepare(one, user, watch);
    const { serviceUs, connectUs } = user.spent;
    const sent: Promise<End>[] = [];
    let problem: unknown;
    await transport.together(copies, (openedUs) => {
      try {
        for (const one of crew) {
          begin?.(one);
          sent.push(send(one, answered).then((end) => (ends[one.index] = end)));
        }
        if (openedUs > 0) user.exchange.connectUs = openedUs;
      } catch (error) {
        problem = error;
      }
    });
    await Promise.all(sent);
    if (sent.length < copies) return unsendable(user, name, problem);
    const first = firstAnswered(crew);
    const failed = crew.find(({ index }) => ends[index] !== 'completed');
    for (const one of crew) {
      if (one === user) continue;
      user.spent.requests += one.spent.requests;
      watch?.passed(one, one.exchange.sentUs, one.exchange.doneUs);
    }
    // They overlapped, so the time counts only once.
    user.spent.connectUs = connectUs + Math.max(...crew.map(({ exchange }) => Math.max(0, exchange.connectUs)));
    user.spent.serviceUs = serviceUs + spanOf(crew);
    if (failed === undefined) {
      for (const place of kept) user.variables[place] = first.variables[place];
      return 'completed';
    }
    return failedAs(user, failed, ends[failed.index]!);
  };
};

/** One of several requests that are sent at the same moment, and the places of what it captures. */
interface Several {
  readonly run: Run;
  readonly kept: readonly number[];
}

/**
 * Different requests at the same moment, each from its own session with the user's values; the user then has the captures of
 * all of them. Ends when all are answered: as a conflict if one of them is one, otherwise like the first that failed.
 *
 * @param users how many there are, over all threads
 * @cost a user for each request but the first, which is reused
 */
export const sentAtOnce = (several: readonly Several[], users: number, watch: SectionWatch | undefined): Run => {
  // By user.
  const crews: (readonly User[])[] = [];
  const crewOf = (user: User): readonly User[] =>
    (crews[user.index] ??= several.map((_, at) =>
      at === 0 ? user : newUser(user.index + users * at, user.variables.length, user.cookiesOf),
    ));
  return async (user) => {
    const crew = crewOf(user);
    for (const one of crew) if (one !== user) prepare(one, user, watch);
    const { serviceUs, connectUs } = user.spent;
    const ends = await Promise.all(several.map(async ({ run }, at) => run(crew[at]!)));
    for (const one of crew) {
      if (one === user) continue;
      user.spent.requests += one.spent.requests;
      watch?.passed(one, one.exchange.sentUs, one.exchange.doneUs);
    }
    const answered = crew.filter(({ exchange }) => exchange.doneUs > 0);
    // They overlapped, so the time counts only once.
    user.spent.connectUs = connectUs + Math.max(0, ...answered.map(({ exchange }) => exchange.connectUs));
    user.spent.serviceUs = serviceUs + (answered.length === 0 ? 0 : spanOf(answered));
    several.forEach(({ kept }, at) => {
      for (const place of kept) user.variables[place] = crew[at]!.variables[place];
    });
    const conflict = ends.indexOf('conflict');
    const at = conflict === -1 ? ends.findIndex((end) => end !== 'completed') : conflict;
    return at === -1 ? 'completed' : failedAs(user, crew[at]!, ends[at]!);
  };
};

const prepare = (copy: User, user: User, watch: SectionWatch | undefined): void => {
  copy.iteration = user.iteration;
  copy.measured = user.measured;
  copy.lockWaitUs = 0;
  copy.spent.requests = 0;
  for (let place = 0; place < user.variables.length; place++) copy.variables[place] = user.variables[place];
  watch?.joined(copy, user);
};

const firstAnswered = (crew: readonly User[]): User => {
  const answered = crew.filter(({ exchange }) => exchange.failure === undefined);
  return answered.reduce(
    (first, one) => (one.exchange.doneUs < first.exchange.doneUs ? one : first),
    answered[0] ?? crew[0]!,
  );
};

const spanOf = (crew: readonly User[]): number =>
  Math.max(...crew.map(({ exchange }) => exchange.doneUs)) - Math.min(...crew.map(({ exchange }) => exchange.sentUs));

/** Ends like the copy that failed, with its answer, which a report may show. */
const failedAs = (user: User, failed: User, end: End): End => {
  if (failed !== user) {
    Object.assign(user.exchange, failed.exchange);
    user.failure = failed.failure;
    user.failureText = failed.failureText;
    user.failedStep = failed.failedStep;
  }
  return end;
};

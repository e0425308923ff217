import assert from 'node:assert/strict';
import { messageOf } from '../../../../src/core/errors.ts';
import { stream, uniform } from '../../../../src/core/random.ts';
import { Cell, wordsOfCell, type CellShape, type SharedWords } from '../../../../src/measure/lock/shared/cell.ts';
import { mostPassedOf, observe, unobserved, type Observed, type ObservedThread, type Promised } from './observed.ts';
import { rerun, type Act, type LockOfThread, type Progress } from './rerun.ts';

/** Threads that use a lock, and what they do. */
export interface Setting extends LockOfThread, Promised {
  /** For each thread, how much of the room each of its users takes. */
  readonly asks: readonly (readonly number[])[];
  /** How many users of a thread are sent away at most, as if they had waited too long; none unless given. */
  readonly sentAway?: number;
  /** How often a thread may be held up in the middle of an act, while others go on; without an end unless given. */
  readonly heldUp?: number;
  readonly firstTicket?: number;
  /** What has been done before, by which thread, one after the other; nothing unless given. */
  readonly before?: readonly (readonly [thread: number, act: Act])[];
}

/** What was found. */
export interface Found {
  readonly states: number;
  /** How many users of others were let in at most while a thread waited. */
  readonly mostPassed: number;
}

interface Thread extends ObservedThread, Progress {
  /** What it did since it was idle, and what its operations gave: what it does next follows from that. */
  readonly path: string;
  readonly isBusy: boolean;
  readonly events: number;
  readonly asked: number;
  readonly sentAway: number;
  readonly sleeps: number;
}

/** A thread that waits for a word to change. */
interface Sleeper {
  readonly thread: number;
  readonly number: number;
  readonly word: number;
  readonly isNotified: boolean;
}

interface State extends Observed<Thread> {
  readonly words: Int32Array;
  readonly sleepers: readonly Sleeper[];
  /** The thread that made the last move. */
  readonly last: number;
  readonly heldUp: number;
  readonly cameBy?: { readonly from: State; readonly move: Move };
}

interface Move {
  readonly thread: number;
  /** Absent: it goes on with what it has begun. */
  readonly act?: Act;
}

const cellIn = (words: Int32Array, shape: CellShape): Cell => new Cell(words as SharedWords, shape);

const firstState = (setting: Setting): State => {
  let state = zeroState(setting);
  for (const [thread, act] of setting.before ?? []) {
    state = follow(state, { thread, act }, setting);
    while (state.threads[thread]!.isBusy) state = follow(state, { thread }, setting);
  }
  return state;
};

const zeroState = ({ asks, shape, firstTicket = 0 }: Setting): State => {
  const words = new Int32Array(wordsOfCell(shape));
  const cell = cellIn(words, shape);
  words[cell.nextTicket] = firstTicket;
  for (let before = 0; before < shape.turns; before++) {
    const ticket = (firstTicket - before) | 0;
    words[cell.turnOf(ticket)] = ticket;
  }
  const nothing = { acts: [], gave: [], path: '', isBusy: false, events: 0, asked: 0, sentAway: 0, sleeps: 0 };
  const threads = asks.map(() => ({ ...unobserved, ...nothing }));
  return { threads, taken: 0, words, sleepers: [], last: 0, heldUp: 0 };
};

/** All that may happen next. */
const movesFrom = (state: State, { asks, letIn, sentAway = 0, heldUp = Infinity }: Setting): readonly Move[] => {
  const { threads, sleepers, last } = state;
  if (state.heldUp >= heldUp && threads[last]!.isBusy) return [{ thread: last }];
  return threads.flatMap((one, thread): readonly Move[] => {
    if (one.isBusy) return [{ thread }];
    const acts = sleepers.flatMap((sleeper): Act[] =>
      sleeper.thread === thread && sleeper.isNotified ? [`hear ${sleeper.number}`] : [],
    );
    const share = asks[thread]![one.asked];
    if (share !== undefined) acts.push(`ask ${share}`);
    if (letIn === 'went on' && one.inside > one.wentOn) acts.push('go on');
    if ((letIn === 'went on' ? one.wentOn : one.inside) > 0) acts.push('leave');
    if (one.waiting > 0 && one.sentAway < sentAway) acts.push('send away');
    return acts.map((act) => ({ thread, act }));
  });
};

const after = (from: State, move: Move, setting: Setting): State => {
  const { thread: at, act } = move;
  const before = from.threads[at]!;
  const words = from.words.slice();
  let { sleeps } = before;
  let sleepers = from.sleepers.filter(({ thread, number }) => thread !== at || act !== `hear ${number}`);
  const acts = act === undefined ? before.acts : [...before.acts, act];
  const { gave, events, isBusy } = rerun(
    setting,
    { acts, gave: before.gave },
    {
      words,
      sleep: (word) => {
        sleepers = [...sleepers, { thread: at, number: sleeps++, word, isNotified: false }];
      },
      notify: (word) => {
        sleepers = sleepers.map((one) => (one.word === word ? { ...one, isNotified: true } : one));
      },
    },
  );
  let observed: Observed<Thread> = from;
  for (const event of events.slice(before.events)) observed = observe(observed, at, event, setting);
  const thread = observed.threads[at]!;
  const isForgotten = thread.isIdle && !isBusy;
  assert(!isForgotten || !sleepers.some((sleeper) => sleeper.thread === at), 'idle, and may be woken later');
  const progress = {
    acts,
    gave,
    path: isForgotten ? '' : `${before.path} ${act ?? ''} ${gave.slice(before.gave.length).join()}`,
    isBusy,
    events: events.length,
    asked: before.asked + (act?.startsWith('ask') === true ? 1 : 0),
    sentAway: before.sentAway + (act === 'send away' ? 1 : 0),
    sleeps,
  };
  return {
    threads: observed.threads.with(at, { ...thread, ...progress }),
    taken: observed.taken,
    words,
    sleepers,
    last: at,
    heldUp: from.heldUp + (from.last !== at && from.threads[from.last]!.isBusy ? 1 : 0),
    cameBy: { from, move },
  };
};

/** Nothing can happen any more: then nobody waits, nobody is inside, and the lock is free. */
const expectOver = ({ threads, words }: State, { asks, shape }: Setting): void => {
  for (const [at, { asked, waiting, inside, isIdle }] of threads.entries()) {
    const over = { asked: asks[at]!.length, waiting: 0, inside: 0, isIdle: true };
    assert.deepEqual({ asked, waiting, inside, isIdle }, over, `thread ${at} is stuck`);
  }
  const cell = cellIn(words, shape);
  const next = words[cell.nextTicket]!;
  const left = [cell.waiting, cell.taken, cell.needed, cell.turnOf(next)].map((word) => words[word]);
  assert.deepEqual(left, [0, 0, 0, next], 'the lock is not free');
};

/**
 * States of which this is the same have the same future, but for the numbers of their threads: no word knows a thread's number,
 * so that threads of the same past with the same users still to come are alike.
 */
const keyOf = ({ threads, words, sleepers, last, heldUp }: State, { asks, heldUp: mostHeldUp }: Setting): string => {
  const ofThreads = threads.map(({ path, asked, sentAway, passed, isBusy }, at) => {
    const sleeps = sleepers.flatMap(({ thread, number, word, isNotified }) =>
      thread === at ? [`${number}@${word}${isNotified ? '!' : ''}`] : [],
    );
    const goesOn = mostHeldUp !== undefined && at === last && isBusy;
    return [path, asks[at]!.slice(asked), sentAway, passed, sleeps.toSorted(), goesOn].join(';');
  });
  return [...ofThreads.toSorted(), words.join(), ...(mostHeldUp === undefined ? [] : [heldUp])].join('|');
};

/** How a state came about, a move a line: `1: ask 1 → 0`, what the operation gave after the arrow. */
const storyOf = (state: State): string => {
  if (state.cameBy === undefined) return '';
  const { from, move } = state.cameBy;
  const gave = state.threads[move.thread]!.gave.slice(from.threads[move.thread]!.gave.length);
  return `${storyOf(from)}\n${told(move)} → ${gave.join()}`;
};

const told = ({ thread, act }: Move): string => `${thread}: ${act ?? '…'}`;

/** @throws an error that tells all moves that led there, where something is not as promised */
const follow = (state: State, move: Move, setting: Setting): State => {
  try {
    return after(state, move, setting);
  } catch (cause) {
    throw new Error(`${messageOf(cause)}, after${storyOf(state)}\n${told(move)}`, { cause });
  }
};

/**
 * Takes a lock through every order in which the atomic operations of its threads can come, and sees that in each it keeps
 * its promises, that nobody waits for ever, and that it is free in the end.
 *
 * A lock that was idle is taken for a new one: orders that differ only in what was before are followed once.
 */
export const exploreAll = (setting: Setting): Found => {
  const first = firstState(setting);
  const known = new Set([keyOf(first, setting)]);
  const open = [first];
  let mostPassed = 0;
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    mostPassed = Math.max(mostPassed, mostPassedOf(state.threads));
    const moves = movesFrom(state, setting);
    if (moves.length === 0) expectOver(state, setting);
    for (const move of moves) {
      const next = follow(state, move, setting);
      const key = keyOf(next, setting);
      if (known.has(key)) continue;
      known.add(key);
      open.push(next);
    }
  }
  return { states: known.size, mostPassed };
};

const draws = stream('interleavings');

/** Takes it through one of these orders, which follows from the seed. */
export const exploreOne = (setting: Setting, seed: number): Found => {
  let state = firstState(setting);
  let states = 1;
  let mostPassed = 0;
  for (let moves = movesFrom(state, setting); moves.length > 0; moves = movesFrom(state, setting)) {
    state = follow(state, moves[Math.floor(uniform(seed, draws, states) * moves.length)]!, setting);
    states++;
    mostPassed = Math.max(mostPassed, mostPassedOf(state.threads));
  }
  expectOver(state, setting);
  return { states, mostPassed };
};

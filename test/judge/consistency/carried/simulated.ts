import fc from 'fast-check';
import { HistoryBuilder } from '../../../../src/core/history/builder.ts';
import { absent, fail, info, ok, operations, type OperationName } from '../../../../src/core/history/history.ts';
import type { Json } from '../../../../src/core/json.ts';
import type { Promises } from '../../../../src/core/plan/plan.ts';
import type { HistoryRecording, Recording } from '../../../../src/core/recording/recording.ts';
import type { ReadTwice, Slot, SlotConsistency } from '../../../../src/core/slot.ts';
import { micros } from '../../../../src/core/units.ts';
import { Carried } from '../../../../src/judge/consistency/carried/carried.ts';
import { type JudgedSlot, judgeSlot } from '../../../../src/judge/consistency/slot-verdict.ts';

/** What a request asks of the target, and what it is answered. */
export interface Request {
  readonly f: OperationName;
  readonly key: string;
  readonly session: number;
  /** What it writes or appends. */
  readonly value: string;
  /** One of a few: how much, whom to. */
  readonly choice: number;
  /** Nobody will know what became of it. */
  readonly isOpen: boolean;
}

/** An answer: refused, or what the row of the operation says. */
export type Answer = { readonly value?: Json; readonly operand?: Json; readonly version?: Json } | 'refused';

/** A target that is right, and how it is observed. */
export interface Target {
  readonly model: string;
  readonly promises?: Promises;
  readonly words: readonly OperationName[];
  readonly keys: readonly string[];
  /** Whether a change of unknown outcome may take effect late in its own slot without that being the target's fault. */
  readonly isLateAtHome: boolean;
  readonly reset: () => void;
  /** Requests of all slots write the same values, as those of all modes do. */
  readonly isRepeating?: boolean;
  /** A release says its token. */
  readonly tellsToken?: boolean;
  /** What a request knows when it is sent. */
  readonly send?: (request: Request) => Json;
  readonly apply: (request: Request, sent: Json) => Answer;
  /** What is read around a slot; undefined: nothing is. */
  readonly read?: (key: string) => Json;
}

/** A request as it is drawn. */
interface Drawn {
  readonly session: number;
  readonly word: number;
  readonly key: number;
  readonly choice: number;
  readonly pause: number;
  readonly before: number;
  readonly behind: number;
  /** Nobody knows what became of it: it takes effect so much later, or never. */
  readonly late: number | 'never' | undefined;
}

/** A slot as it is drawn. */
export interface DrawnSlot {
  readonly isReset: boolean;
  readonly requests: readonly Drawn[];
}

const slotLength = 100;

/** One to four slots of up to eight requests, of which every third has an unknown outcome. */
export const drawnSlots: fc.Arbitrary<readonly DrawnSlot[]> = fc.array(
  fc.record({
    isReset: fc.boolean(),
    requests: fc.array(
      fc.record({
        session: fc.nat(2),
        word: fc.nat(5),
        key: fc.nat(1),
        choice: fc.nat(2),
        pause: fc.nat(6),
        before: fc.nat(6),
        behind: fc.nat(6),
        late: fc.oneof(
          { weight: 4, arbitrary: fc.constant(undefined) },
          { weight: 1, arbitrary: fc.constant('never' as const) },
          { weight: 2, arbitrary: fc.nat(4 * slotLength) },
        ),
      }),
      { maxLength: 8 },
    ),
  }),
  { minLength: 1, maxLength: 4 },
);

/** How slots are judged. */
export interface Judging {
  /** Each as if there had been none before it. */
  readonly isEachAlone?: boolean;
}

const whole = { rows: 0, problem: null, unreadable: { count: 0, example: '' } };

/** Runs what was drawn against a target, and judges slot after slot. */
export const judgedSlots = (
  target: Target,
  drawn: readonly DrawnSlot[],
  judging: Judging = {},
): readonly SlotConsistency[] => judgedWith(target, drawn, judging).map(({ consistency }) => consistency);

/** The same, with the histories. */
export const judgedWith = (
  target: Target,
  drawn: readonly DrawnSlot[],
  { isEachAlone = false }: Judging = {},
): readonly JudgedSlot[] => {
  const events: { readonly at: number; readonly act: () => void }[] = [];
  const slots = drawn.map(() => ({
    rows: [] as (() => void)[],
    builder: new HistoryBuilder(),
    finals: new Map<string, Json[]>(),
  }));
  let number = 0;
  for (const [index, { isReset, requests }] of drawn.entries()) {
    const [begin, { rows, builder, finals }] = [index * slotLength, slots[index]!];
    const read = (at: number): void => {
      if (target.read === undefined) return;
      for (const key of target.keys)
        events.push({ at, act: () => finals.set(key, [...(finals.get(key) ?? []), target.read!(key)]) });
    };
    if (isReset || index === 0) events.push({ at: begin, act: target.reset });
    read(begin + 1);
    read(begin + slotLength - 5);
    const free = [2, 2, 2];
    for (const one of requests) {
      number++;
      const f = target.words[one.word % target.words.length]!;
      const isRead = f === 'read';
      const isOpen = one.late !== undefined && !isRead;
      const value = `v${target.isRepeating === true ? requests.indexOf(one) : number}`;
      const request = { f, key: target.keys[one.key]!, session: one.session, value, choice: one.choice, isOpen };
      // Each event at a time of its own.
      const call = begin + free[one.session]! + one.pause + number / 1000;
      const [at, ret] = [call + one.before + 0.1 + number / 10_000, call + one.before + one.behind + 0.2];
      free[one.session] = ret - begin + 0.1;
      const nextBegin = begin + slotLength - 4;
      const applyAt =
        one.late === 'never' && isOpen
          ? Infinity
          : isOpen
            ? (target.isLateAtHome ? call + 0.05 : nextBegin) + Number(one.late) + number / 10_000
            : at;
      let sent: Json = null;
      let answer: Answer | undefined;
      events.push({ at: call, act: () => (sent = target.send?.(request) ?? null) });
      if (applyAt < Infinity) events.push({ at: applyAt, act: () => (answer = target.apply(request, sent)) });
      rows.push(() => {
        const said = isOpen ? saidOf(request, sent, target.tellsToken === true) : answer!;
        const isRefused = said === 'refused';
        if (isRead && isRefused) return;
        const { value, operand, version } = isRefused ? saidOf(request, sent, target.tellsToken === true) : said;
        const column = (what: Json | undefined): number => builder.value(what);
        builder.append(
          builder.key(target.model === 'transfer' ? 'all' : request.key),
          request.session,
          operations.indexOf(f),
          isOpen ? info : isRefused ? fail : ok,
          call,
          isOpen ? Infinity : ret,
          value === undefined ? absent : column(value),
          column(operand),
          column(version),
        );
      });
    }
  }
  for (const { act } of events.toSorted((a, b) => a.at - b.at)) act();
  const carried = new Carried();
  return slots.map(({ rows, builder, finals }, round) => {
    for (const row of rows) row();
    const recording = { ...whole, model: target.model, path: '' } as HistoryRecording;
    const slot: Slot = {
      mode: 'm',
      round,
      position: 0,
      workers: 1,
      pacing: 'relaxed',
      finals: {
        [target.model]: Object.fromEntries([...finals].map(([key, both]) => [key, both as unknown as ReadTwice])),
      },
      recording: { histories: [] } as unknown as Recording,
    };
    const around = { target: 't', hasBefore: drawn[round]!.isReset, hasAfter: false, isSettled: false };
    const [judged] = judgeSlot(
      slot,
      [target.model],
      [{ recording, history: builder.history() }],
      { now: () => micros(performance.now() * 1000) },
      target.promises === undefined ? {} : { [target.model]: target.promises },
      { carried: isEachAlone ? new Carried() : carried, around },
    );
    return judged!;
  });
};

/** What a request says of itself that was not answered. */
const saidOf = ({ f, value, choice }: Request, sent: Json, tellsToken: boolean): Exclude<Answer, 'refused'> => {
  switch (f) {
    case 'add':
      return typeof sent === 'string' ? { value: sent } : { operand: 1 };
    case 'remove':
      return { value: sent };
    case 'take':
    case 'restock':
      return { operand: 1 };
    case 'write':
    case 'append':
    case 'put':
      return { value };
    case 'cas':
      return sent as { readonly value: Json; readonly operand: Json };
    case 'transfer':
      return transferOf(choice);
    case 'release':
      return tellsToken ? { version: sent } : {};
    default:
      return {};
  }
};

/** One of three transfers between accounts `a` and `b`. */
export const transferOf = (
  choice: number,
): { readonly value: string; readonly version: string; readonly operand: number } =>
  choice === 0 ? { value: 'b', version: 'a', operand: 3 } : { value: 'a', version: 'b', operand: 1 + choice };

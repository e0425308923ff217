import { AgentBoard } from './recording/agent-board.ts';
import { Live } from './recording/live.ts';
import type { AxisKind } from './sweep/axis.ts';
import type { Plan } from './plan/plan.ts';
import { secondBuckets } from './recording/seconds.ts';

const phases = ['opening', 'setting up', 'starting', 'warming up', 'measuring'] as const;

/** What a run is doing; `setting up` and `starting` refer to its own target. */
export type Phase = (typeof phases)[number];

/** The state of a mode after the rounds measured so far. No interval and no verdict: those need all rounds. */
export interface Standing {
  /** How many were measured. */
  readonly rounds: number;
  /** Medians over those rounds; NaN: not known. */
  readonly perSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
  /** Sums over those rounds. */
  readonly failed: number;
  readonly conflicts: number;
  /** Bounds of the missing acknowledged changes; NaN: no model adds up. */
  readonly lostAtLeast: number;
  readonly lostAtMost: number;
  /** Findings of the consistency models; NaN: no model. */
  readonly findings: number;
  /** Response times, in the buckets of `seconds.ts`. */
  readonly histogram: readonly number[];
}

const standingCells = [
  'rounds',
  'perSecond',
  'p50Us',
  'p99Us',
  'failed',
  'conflicts',
  'lostAtLeast',
  'lostAtMost',
  'findings',
] as const satisfies readonly (keyof Standing)[];
const bracketAt = standingCells.length + secondBuckets;
const cellsOfMode = bracketAt + 2;

const cell = {
  rounds: 0,
  slotsDone: 1,
  slotsTotal: 2,
  mode: 3,
  round: 4,
  phase: 5,
  started: 6,
  expected: 7,
  warmup: 8,
  at: 9,
  ends: 10,
};
const modesAt = Object.keys(cell).length;

/** The number of users from then on, set by hand. */
export interface UserChange {
  /** From 1: that of the slot that ran. */
  readonly round: number;
  /** By the run's clock. */
  readonly atUs: number;
  readonly users: number;
}

/** What a watch is made over: plain data and shared memory, which can be posted to a thread. */
export interface WatchData {
  /** Their names. */
  readonly modes: readonly string[];
  readonly memory: SharedArrayBuffer;
  readonly live: SharedArrayBuffer;
  /** Of an {@link AgentBoard}; without agents it is empty. */
  readonly agents: SharedArrayBuffer;
  /** The axis of a sweep; absent: a run. */
  readonly axis?: AxisKind;
}

/**
 * How far a run is: it fills this in as it goes, and whoever shows progress looks at it when it likes, from any thread.
 *
 * Numbers in shared memory and no callback: an iteration pays for it with a few additions.
 */
export class Watch {
  readonly data: WatchData;
  /** Counters of the current slot. */
  readonly live: Live;
  /** How the agents are doing that it is measured on. */
  readonly board: AgentBoard;
  /** In their order; known to the thread alone that tells them. */
  readonly changes: UserChange[] = [];
  readonly #cells: Float64Array;

  constructor(data: WatchData) {
    this.data = data;
    this.live = new Live(data.live);
    this.board = new AgentBoard(data.agents);
    this.#cells = new Float64Array(data.memory);
  }

  get modes(): number {
    return this.data.modes.length;
  }

  get rounds(): number {
    return this.#cells[cell.rounds]!;
  }

  set rounds(rounds: number) {
    this.#cells[cell.rounds] = rounds;
  }

  get slotsDone(): number {
    return this.#cells[cell.slotsDone]!;
  }

  set slotsDone(slots: number) {
    this.#cells[cell.slotsDone] = slots;
  }

  get slotsTotal(): number {
    return this.#cells[cell.slotsTotal]!;
  }

  set slotsTotal(slots: number) {
    this.#cells[cell.slotsTotal] = slots;
  }

  /** Of the slot that runs now. */
  get mode(): string {
    return this.data.modes[this.modeAt]!;
  }

  /** Its place among the modes. */
  get modeAt(): number {
    return this.#cells[cell.mode]!;
  }

  set mode(name: string) {
    this.#cells[cell.mode] = this.data.modes.indexOf(name);
  }

  /** Of the slot that runs now; the first is 1. */
  get round(): number {
    return this.#cells[cell.round]!;
  }

  set round(round: number) {
    this.#cells[cell.round] = round;
  }

  get phase(): Phase {
    return phases[this.#cells[cell.phase]!]!;
  }

  set phase(phase: Phase) {
    this.#cells[cell.phase] = phases.indexOf(phase);
  }

  /** By the run's clock. */
  get slotStartedUs(): number {
    return this.#cells[cell.started]!;
  }

  set slotStartedUs(us: number) {
    this.#cells[cell.started] = us;
  }

  /** Of a sweep, the value of the axis that is measured now; NaN: none is. */
  get at(): number {
    return this.#cells[cell.at]!;
  }

  set at(value: number) {
    this.#cells[cell.at] = value;
  }

  /** Of a search, when it is over, about, by the run's clock; 0: it is none, and the slots that are left tell. */
  get endsUs(): number {
    return this.#cells[cell.ends]!;
  }

  set endsUs(us: number) {
    this.#cells[cell.ends] = us;
  }

  /** Of a search, the highest load at which the mode that runs has kept its gates so far, and the lowest at which it has not; NaN: none. */
  get bracket(): { readonly low: number; readonly high: number } {
    const at = modesAt + this.modeAt * cellsOfMode + bracketAt;
    return { low: this.#cells[at]!, high: this.#cells[at + 1]! };
  }

  /** Tells between which loads the search of a mode looks. */
  searches(name: string, low = NaN, high = NaN): void {
    const at = modesAt + this.data.modes.indexOf(name) * cellsOfMode + bracketAt;
    this.#cells.set([low, high], at);
  }

  /** How long its users warm it up, once it has begun. */
  get slotWarmupUs(): number {
    return this.#cells[cell.warmup]!;
  }

  set slotWarmupUs(us: number) {
    this.#cells[cell.warmup] = us;
  }

  /** 0: unknown. */
  get slotExpectedUs(): number {
    return this.#cells[cell.expected]!;
  }

  set slotExpectedUs(us: number) {
    this.#cells[cell.expected] = us;
  }

  /** Iterations completed in the slot that runs now. */
  get completed(): number {
    return this.live.completed;
  }

  /** How a mode stands. */
  standing(mode: number): Standing {
    const from = modesAt + mode * cellsOfMode;
    const numbers = Object.fromEntries(standingCells.map((name, at) => [name, this.#cells[from + at]!])) as {
      readonly [name in (typeof standingCells)[number]]: number;
    };
    const bucketsFrom = from + standingCells.length;
    return { ...numbers, histogram: [...this.#cells.subarray(bucketsFrom, bucketsFrom + secondBuckets)] };
  }

  /** Tells how a mode stands. */
  stands(name: string, standing: Standing): void {
    const from = modesAt + this.data.modes.indexOf(name) * cellsOfMode;
    for (const [at, of] of standingCells.entries()) this.#cells[from + at] = standing[of];
    this.#cells.set(standing.histogram, from + standingCells.length);
  }
}

/**
 * A run that has not begun.
 *
 * @param cores of this machine: `workers: auto` takes no more threads
 * @param more `agents` that count beside them; of a sweep, what it raises
 */
export const newWatch = (
  { modes, rounds }: Plan,
  cores: number,
  { agents = 0, axis }: { readonly agents?: number; readonly axis?: AxisKind } = {},
): Watch => {
  const threads = modes.map(({ workers }) => (workers === 'auto' ? cores : workers));
  const size = modesAt + modes.length * cellsOfMode;
  const watch = new Watch({
    modes: modes.map(({ name }) => name),
    memory: new SharedArrayBuffer(size * Float64Array.BYTES_PER_ELEMENT),
    live: Live.memoryFor(Math.max(1, agents, ...threads)),
    agents: AgentBoard.memoryFor(agents),
    ...(axis === undefined ? {} : { axis }),
  });
  return Object.assign(watch, { rounds, slotsTotal: modes.length * rounds, round: 1, at: NaN });
};

import type { AgentNow } from '../../../core/recording/agent-board.ts';
import type { Phase, Standing, Watch } from '../../../core/watch.ts';
import type { Shown } from '../messages.ts';
import type { Pace } from '../pace.ts';
import type { Looks, Seen } from './window.ts';

/** What a viewer has chosen by keys. */
export interface Choices {
  /** Length of the window in s; Infinity: the whole slot. */
  readonly windowSeconds: number;
  readonly isHelp: boolean;
  /** The view is paused, the load goes on. */
  readonly isHeld: boolean;
  /** Asked to stop: what is in flight ends, and the report follows. */
  readonly isStopping: boolean;
}

/** Users at work, where keys may add and take some. */
export interface Users {
  readonly now: number;
  readonly planned: number;
}

/** What a picture is drawn of: plain data, so that the same view gives the same picture. */
export interface View extends Choices {
  readonly title: string;
  readonly round: number;
  readonly rounds: number;
  readonly slots: number;
  readonly phase: Phase;
  readonly pace: Pace;
  readonly modes: readonly ModeView[];
  readonly users?: Users;
  /** Those that have come; none where this machine measures alone. */
  readonly agents: readonly AgentView[];
}

/** An agent of a view, with its place among them, from 1. */
export type AgentView = AgentNow & { readonly agent: number };

/** One mode of a view. */
export interface ModeView {
  readonly name: string;
  readonly standing: Standing;
  /** Of the mode that runs, over the window. */
  readonly running?: Seen;
}

/** What a run looks like at this moment. */
export const viewOf = (
  watch: Watch,
  looks: Looks,
  pace: Pace,
  nowUs: number,
  { title, users }: Pick<Shown, 'title' | 'users'>,
  choices: Choices,
): View => ({
  ...choices,
  title,
  ...(users === undefined ? {} : { users: { now: watch.live.users || users, planned: users } }),
  round: watch.round,
  rounds: watch.rounds,
  slots: watch.slotsTotal,
  phase: phaseAt(watch, nowUs),
  pace,
  agents: watch.board.agents,
  modes: watch.data.modes.map((name, at) => ({
    name,
    standing: watch.standing(at),
    ...(at === watch.modeAt && isAtWork(watch) ? { running: looks.over(choices.windowSeconds) } : {}),
  })),
});

/** Whether anything is sent. */
const isAtWork = ({ phase }: Watch): boolean => phase === 'warming up' || phase === 'measuring';

/** A slot begins with a warm-up, which is nothing that is measured. */
const phaseAt = ({ phase, slotStartedUs, slotWarmupUs }: Watch, nowUs: number): Phase =>
  phase === 'measuring' && nowUs < slotStartedUs + slotWarmupUs ? 'warming up' : phase;

/** The same moment seen anew: over another window, or with another line below it. */
export const heldView = (held: View, looks: Looks, choices: Choices): View => ({
  ...held,
  ...choices,
  modes: held.modes.map((mode) =>
    mode.running === undefined ? mode : { ...mode, running: looks.over(choices.windowSeconds) },
  ),
});

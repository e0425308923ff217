import type { AgentNow } from '../../../core/recording/agent-board.ts';
import type { Phase, Standing, Watch } from '../../../core/watch.ts';
import type { Shown } from '../messages.ts';
import type { Pace } from '../pace.ts';
import type { Looks, Seen } from './window.ts';

/** What a viewer has chosen by keys. */
export interface Choices {
  /** Length of the window in s; Infinity for the whole slot. */
  readonly windowSeconds: number;
  readonly isHelp: boolean;
  /** Whether the view is paused; the load goes on. */
  readonly isHeld: boolean;
  /** Whether a stop was asked for: what is in flight ends, and the report follows. */
  readonly isStopping: boolean;
}

/** The current users, if keys may add and remove some. */
export interface Users {
  readonly now: number;
  readonly planned: number;
}

/** What a picture is drawn from: plain data, so that the same view gives the same picture. */
export interface View extends Choices {
  readonly title: string;
  readonly round: number;
  readonly rounds: number;
  readonly slots: number;
  readonly phase: Phase;
  readonly pace: Pace;
  readonly modes: readonly ModeView[];
  readonly users?: Users;
  /** The agents that have joined; empty if only this machine measures. */
  readonly agents: readonly AgentView[];
}

/** An agent of a view, with its number, from 1. */
export type AgentView = AgentNow & { readonly agent: number };

/** One mode of a view. */
export interface ModeView {
  readonly name: string;
  readonly standing: Standing;
  /** What was seen over the window; only for the running mode. */
  readonly running?: Seen;
}

/** The view of a run at this moment. */
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

/** Whether anything is being sent. */
const isAtWork = ({ phase }: Watch): boolean => phase === 'warming up' || phase === 'measuring';

/** A slot begins with a warm-up, which is not measured. */
const phaseAt = ({ phase, slotStartedUs, slotWarmupUs }: Watch, nowUs: number): Phase =>
  phase === 'measuring' && nowUs < slotStartedUs + slotWarmupUs ? 'warming up' : phase;

/** The same moment with other choices: over another window, or with another line below it. */
export const heldView = (held: View, looks: Looks, choices: Choices): View => ({
  ...held,
  ...choices,
  modes: held.modes.map((mode) =>
    mode.running === undefined ? mode : { ...mode, running: looks.over(choices.windowSeconds) },
  ),
});

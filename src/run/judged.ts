import { mergeDraws, type Draws } from '../core/recording/draw.ts';
import { targetKeyOf, type Mode, type Plan } from '../core/plan/plan.ts';
import type { Slot } from '../core/slot.ts';
import { type Around, Carried } from '../judge/consistency/carried/carried.ts';
import { readShares } from '../judge/consistency/share.ts';
import { judgeSlot } from '../judge/consistency/slot-verdict.ts';
import { keepHistory } from './kept.ts';
import type { RunOptions } from './options.ts';

/**
 * Judges the slots of a run, one after the other: what stays open in one is carried into the next. Gives the slot with the
 * models' verdicts. Its histories are read, then removed or kept, one for each model.
 *
 * @throws {ContendError} ERR_USAGE if one cannot be kept
 */
export const judging = (plan: Plan, options: RunOptions): ((measured: Slot) => Promise<Slot>) => {
  const { consistency: models, promises } = plan;
  const { host, historyFolder } = options;
  const carried = new Carried();
  return async (measured) => {
    const slot = withoutDraw(measured, options.draws);
    if (models.length === 0) return slot;
    const { histories } = slot.recording;
    const shares = await readShares(histories, host.readBytes);
    const all = judgeSlot(slot, models, shares, host.clock, promises, {
      carried,
      around: aroundOf(slot, plan),
      that: modeOf(slot, plan).invariant?.that ?? [],
    });
    const kept =
      historyFolder === undefined ? [] : all.flatMap((one) => keepHistory(one, histories, host.openFile) ?? []);
    for (const { path } of histories) if (!kept.includes(path)) await host.removeFile(path);
    return { ...slot, consistency: all.map(({ consistency }) => consistency) };
  };
};

const modeOf = ({ mode: name }: Slot, { modes }: Plan): Mode => modes.find((mode) => mode.name === name)!;

const aroundOf = (slot: Slot, plan: Plan): Around => {
  const mode = modeOf(slot, plan);
  const { before, after = [] } = mode;
  const { isSettled = false } = slot;
  return { target: targetKeyOf(mode), hasBefore: before.length > 0, hasAfter: after.length > 0, isSettled };
};

/** The slot without its drawn iterations, which are merged into those of its mode, so that memory does not grow with the rounds. */
const withoutDraw = (slot: Slot, draws: Draws | undefined): Slot => {
  const { draw, ...recording } = slot.recording;
  if (draw === undefined || draws === undefined) return slot;
  const before = draws.byMode.get(slot.mode) ?? { size: draws.size, rows: [] };
  draws.byMode.set(slot.mode, mergeDraws([before, draw]));
  return { ...slot, recording };
};

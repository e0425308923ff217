import type { Clock } from '../../core/clock.ts';
import type { Watch } from '../../core/watch.ts';
import type { Key } from './keys.ts';
import { startLine } from './line.ts';
import type { Shown, Size } from './messages.ts';
import { paceOf } from './pace.ts';
import { Painter, restored } from './painter.ts';
import type { Frames } from './sink.ts';
import { fits, frameOf } from './view/frame.ts';
import { heldView, viewOf, type Choices, type View } from './view/view.ts';
import { Looks, windows } from './view/window.ts';

/** What a screen needs. */
export interface ScreenParts extends Shown {
  readonly watch: Watch;
  readonly clock: Clock;
  readonly frames: Frames;
  readonly size: Size;
}

/** The time between two pictures. */
const everyMs = 500;
/** The time from a key to its picture. */
const soonMs = 30;

/**
 * Shows a run on a terminal, as a line or as the view, whichever was chosen and fits. It starts at once and goes on until
 * `leave`. While the terminal does not accept output, nothing is drawn.
 */
export class Screen {
  readonly #parts: ScreenParts;
  readonly #pace: ReturnType<typeof paceOf>;
  readonly #looks: Looks;
  readonly #painter = new Painter();
  #size: Size;
  #choices: Choices = { windowSeconds: 2, isHelp: false, isHeld: false, isStopping: false };
  #wantsView: boolean;
  /** Removes the line; `undefined` if there is none. */
  #endLine: (() => void) | undefined;
  /** The view that was drawn last. */
  #view: View | undefined;
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #isLeft = false;

  constructor(parts: ScreenParts) {
    this.#parts = parts;
    this.#size = parts.size;
    this.#wantsView = parts.isLive;
    this.#pace = paceOf(parts.watch, parts.clock);
    this.#looks = new Looks(parts.watch);
    this.return();
  }

  /** Handles a new size of the terminal. */
  resize(size: Size): void {
    this.#size = size;
    this.#show();
  }

  /** Handles a key. */
  key(key: Key): void {
    const { isHeld, isHelp, windowSeconds } = this.#choices;
    const at = windows.findIndex((seconds) => seconds === windowSeconds);
    if (key === 'finer') this.#choose({ windowSeconds: windows[Math.max(0, at - 1)]! });
    if (key === 'coarser') this.#choose({ windowSeconds: windows[Math.min(windows.length - 1, at + 1)]! });
    if (key === 'hold') this.#choose({ isHeld: !isHeld });
    if (key === 'held' || key === 'moving') this.#choose({ isHeld: key === 'held' });
    if (key === 'help') this.#choose({ isHelp: !isHelp });
    if (key === 'quit' || key === 'interrupt') this.#choose({ isStopping: true, isHeld: false });
    if (key === 'line') this.#wantsView = this.#parts.isLive && !this.#wantsView;
    if (key === 'redraw') this.#clear();
    // A key held down comes many times at once.
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      this.#show();
    }, soonMs);
  }

  /** Removes what is shown; resolves when the terminal has accepted that. */
  async leave(): Promise<void> {
    this.#isLeft = true;
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
    this.#soon = undefined;
    this.#clear();
    this.#parts.frames.add(restored);
    await this.#parts.frames.taken();
  }

  /** Shows it again. */
  return(): void {
    this.#isLeft = false;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#tick(), everyMs);
    this.#show();
  }

  #choose(choices: Partial<Choices>): void {
    this.#choices = { ...this.#choices, ...choices };
  }

  #tick(): void {
    if (!this.#choices.isHeld) this.#show();
  }

  #show(): void {
    if (this.#isLeft) return;
    if (this.#wantsView && fits(this.#size)) this.#showView();
    else this.#showLine();
  }

  #showView(): void {
    const { watch, clock, frames, color } = this.#parts;
    this.#hideLine();
    // A skipped frame would be taken for the one on the terminal.
    if (frames.areHeld) return;
    const isHeld = this.#choices.isHeld && this.#view !== undefined;
    const nowUs = clock.now();
    if (!isHeld) this.#looks.look(nowUs);
    this.#view = isHeld
      ? heldView(this.#view!, this.#looks, this.#choices)
      : viewOf(watch, this.#looks, this.#pace(), nowUs, this.#parts, this.#choices);
    frames.write(this.#painter.paint(frameOf(this.#view, this.#size, color), this.#size.columns));
  }

  #showLine(): void {
    if (this.#endLine !== undefined) return;
    const { watch, color, frames } = this.#parts;
    this.#clear();
    this.#endLine = startLine({
      watch,
      color,
      pace: this.#pace,
      columns: () => this.#size.columns,
      write: (frame, isLast) => (isLast ? frames.add(frame) : frames.write(frame)),
    });
  }

  #hideLine(): void {
    this.#endLine?.();
    this.#endLine = undefined;
  }

  #clear(): void {
    this.#hideLine();
    this.#parts.frames.add(this.#painter.clear(this.#size.columns));
  }
}

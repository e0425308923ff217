import { Writable } from 'node:stream';
import { Chalk } from 'chalk';
import type { Clock } from '../../core/clock.ts';
import type { Output } from '../../core/host.ts';
import type { Watch } from '../../core/watch.ts';
import { count, perSecond } from '../../report/format.ts';
import { cut, plain, widthOf } from '../../report/plain.ts';
import { paceOf, type Pace } from './pace.ts';

/** Where progress is shown and how. */
export interface ProgressOptions {
  readonly stderr: Output;
  readonly clock: Clock;
  readonly color: boolean;
  /** Between two looks; 200 on a terminal and 5,000 elsewhere unless given. */
  readonly everyMs?: number;
}

/** Progress that is being shown. */
export interface Progress {
  /** Takes the line away again and ends the timers; may be called twice. */
  stop(): void;
}

/**
 * Shows how far a run is: on a terminal as one line that is redrawn, elsewhere as a line of text every few seconds.
 *
 * Nothing keeps the process alive, and a run of less than 2 s writes nothing where there is no terminal.
 */
export const startProgress = (watch: Watch, options: ProgressOptions): Progress =>
  options.stderr.isTTY ? startBar(watch, options) : startLines(watch, options);

/** A run that is over sooner needs no line. */
const firstLineMs = 2000;

const startLines = (watch: Watch, { stderr, clock, everyMs = 5000 }: ProgressOptions): Progress => {
  const pace = paceOf(watch, clock);
  const write = (): void => stderr.write(`${lineOf(watch, pace())}\n`);
  let timer = setTimeout(() => {
    write();
    timer = setInterval(write, everyMs).unref();
  }, firstLineMs).unref();
  // clearTimeout ends an interval as well: to Node they are the same thing.
  return { stop: () => clearTimeout(timer) };
};

const startBar = (watch: Watch, options: ProgressOptions): Progress => {
  const { stderr, clock, color, everyMs = 200 } = options;
  const pace = paceOf(watch, clock);
  let stop: (() => void) | undefined;
  let isStopped = false;
  const open = async (): Promise<void> => {
    const { SingleBar } = await import('cli-progress');
    if (isStopped) return;
    const bar = new SingleBar({
      stream: streamTo(stderr),
      fps: 1000 / everyMs,
      clearOnComplete: true,
      format: () => barOf(watch, pace(), (stderr.columns() ?? 80) - 1, color),
    });
    bar.start(watch.slotsTotal, 0);
    stop = () => bar.stop();
  };
  void open();
  return {
    stop: () => {
      isStopped = true;
      stop?.();
      stop = undefined;
    },
  };
};

/** What cli-progress takes for a terminal. */
const streamTo = (output: Output): Writable => {
  const stream = new Writable({
    decodeStrings: false,
    write: (text: string, _encoding, done) => {
      output.write(text);
      done();
    },
  });
  return Object.defineProperties(stream, { isTTY: { value: true }, columns: { get: () => output.columns() } });
};

const lineOf = (watch: Watch, pace: Pace): string => {
  const left = leftOf(pace);
  const where = isOneSlot(watch) ? [] : [modeOf(watch), `round ${watch.round} of ${watch.rounds}`];
  const parts = [...where, doingOf(watch, pace), left === '' ? '' : `about ${left}`];
  return `contend: ${parts.filter((part) => part !== '').join(', ')}`;
};

/** What changes its length stands last, so that nothing else moves. */
const barOf = (watch: Watch, pace: Pace, width: number, color: boolean): string => {
  const numbers = `${doingOf(watch, pace).padStart(12)}${leftOf(pace).padStart(13)}`;
  const where = isOneSlot(watch) ? '' : `   round ${watch.round}/${watch.rounds}  ${modeOf(watch)}`;
  const words = `${numbers}${where}`;
  const room = Math.min(widestBar, width - widthOf(words));
  if (room < narrowestBar) return cut(words.trimStart(), width);
  const full = Math.round(pace.done * room);
  const chalk = new Chalk({ level: color ? 1 : 0 });
  return chalk.green('█'.repeat(full)) + chalk.dim('░'.repeat(room - full)) + words;
};

const widestBar = 28;
const narrowestBar = 4;

/** There is nothing to tell it from. */
const isOneSlot = ({ slotsTotal }: Watch): boolean => slotsTotal === 1;

const modeOf = ({ mode }: Watch): string => plain(mode, 24);

const doingOf = ({ phase }: Watch, pace: Pace): string => {
  if (phase !== 'measuring') return phase;
  return pace.perSecond === undefined ? '' : `${perSecond(pace.perSecond)}/s`;
};

const leftOf = ({ leftUs }: Pace): string => {
  if (leftUs === undefined) return '';
  const seconds = Math.ceil(leftUs / 1e6);
  return seconds < 100 ? `${seconds} s left` : `${count(Math.round(seconds / 60))} min left`;
};

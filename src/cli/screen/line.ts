import { Writable } from 'node:stream';
import { Chalk } from 'chalk';
import { SingleBar } from 'cli-progress';
import type { Watch } from '../../core/watch.ts';
import { cut, plain, widthOf } from '../../report/plain.ts';
import type { Pace } from './pace.ts';
import { agentOf, doingOf, isOneSlot, leftOf, modeOf, numbersOf, placeOf } from './words.ts';

/** How a line is drawn. */
export interface LineOptions {
  readonly watch: Watch;
  readonly pace: () => Pace;
  readonly columns: () => number;
  readonly color: boolean;
  /** Gets one frame after the other; the last one removes the line, and may not be skipped. */
  readonly write: (frame: string, isLast: boolean) => void;
}

const everyMs = 200;

/** Shows how far a run is as one line that is redrawn; returns a function that removes it. */
export const startLine = ({ watch, pace, columns, color, write }: LineOptions): (() => void) => {
  const frame = framed(write, columns);
  const bar = new SingleBar({
    stream: frame.stream,
    fps: 1000 / everyMs,
    clearOnComplete: true,
    gracefulExit: false,
    format: () => barOf(watch, pace(), columns() - 1, color),
  });
  bar.start(watch.slotsTotal, 0);
  return () => {
    bar.stop();
    frame.flush(true);
  };
};

/** A stand-in for the terminal of cli-progress, which writes a frame in pieces, all in one turn of the event loop. */
const framed = (
  write: LineOptions['write'],
  columns: () => number,
): { readonly stream: Writable; flush(isLast: boolean): void } => {
  let frame = '';
  const flush = (isLast: boolean): void => {
    if (frame !== '') write(frame, isLast);
    frame = '';
  };
  const stream = new Writable({
    decodeStrings: false,
    write: (text: string, _encoding, done) => {
      if (frame === '') queueMicrotask(() => flush(false));
      frame += text;
      done();
    },
  });
  return { stream: Object.defineProperties(stream, { isTTY: { value: true }, columns: { get: columns } }), flush };
};

/** The part that changes its length comes last, so that nothing else moves. */
const barOf = (watch: Watch, pace: Pace, width: number, color: boolean): string => {
  const numbers = `${doingOf(watch, pace).padStart(12)}${leftOf(pace).padStart(13)}`;
  const place = watch.endsUs > 0 ? placeOf(watch).join(', ') : `round ${watch.round}/${watch.rounds}  ${modeOf(watch)}`;
  const where = isOneSlot(watch) ? '' : `   ${place}`;
  const rest = `${numbers}${where}`;
  const words = rest + agentsOf(watch, width - widthOf(rest) - narrowestBar);
  const room = Math.min(widestBar, width - widthOf(words));
  if (room < narrowestBar) return cut(words.trimStart(), width);
  return meter(pace.done, room, color) + words;
};

/** How each agent is doing, in as many words as fit; empty if not even the shortest fit. */
const agentsOf = ({ board: { agents } }: Watch, room: number): string => {
  if (agents.length === 0) return '';
  const short = agents.map((agent) => `${plain(agent.host, 16)} ${agent.isLost ? 'lost' : numbersOf(agent).rate}`);
  const words = [agents.map(agentOf).join(', '), short.join(', ')].map((text) => `   ${text}`);
  return words.find((text) => widthOf(text) <= room) ?? '';
};

/** How much is done, as a bar of `columns` columns. */
const meter = (done: number, columns: number, color: boolean): string => {
  const full = Math.round(done * columns);
  const chalk = new Chalk({ level: color ? 1 : 0 });
  return chalk.green('█'.repeat(full)) + chalk.dim('░'.repeat(columns - full));
};

const widestBar = 28;
const narrowestBar = 4;

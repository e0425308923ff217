import type { Clock } from '../../core/clock.ts';
import type { Output } from '../../core/host.ts';
import type { Watch } from '../../core/watch.ts';
import { paceOf, type Pace } from '../screen/pace.ts';
import { agentOf, doingOf, leftOf, placeOf } from '../screen/words.ts';

/** Where lines go. */
export interface LinesOptions {
  readonly stderr: Output;
  readonly clock: Clock;
}

/** A run that ends sooner needs no line. */
const firstLineMs = 2000;
const everyMs = 5000;

/** Shows how far a run is as a line of text every few seconds, but none in the first 2 s; returns a function that ends it. */
export const startLines = (watch: Watch, { stderr, clock }: LinesOptions): (() => void) => {
  const pace = paceOf(watch, clock);
  const write = (): void => stderr.write(`${lineOf(watch, pace())}\n`);
  let timer = setTimeout(() => {
    write();
    timer = setInterval(write, everyMs).unref();
  }, firstLineMs).unref();
  // clearTimeout also clears an interval: in Node they are the same thing.
  return () => clearTimeout(timer);
};

/** How far a run is, followed by how each agent is doing, if there are any. */
const lineOf = (watch: Watch, pace: Pace): string => {
  const left = leftOf(pace);
  const parts = [...placeOf(watch), doingOf(watch, pace), left === '' ? '' : `about ${left}`];
  const agents = watch.board.agents.map((agent) => `; ${agentOf(agent)}`);
  return `contend: ${parts.filter((part) => part !== '').join(', ')}${agents.join('')}`;
};

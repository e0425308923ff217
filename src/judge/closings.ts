import type { ConnectionCounts } from '../core/recording/recording.ts';
import type { ModeResult } from '../core/result/result.ts';
import type { Slot } from '../core/slot.ts';
import type { Warning } from '../core/result/warning.ts';
import { figure, many } from './figure.ts';

/** One or two connections may end for another reason. */
const leastClosed = 3;

/** Warns of a target that closes connections without notice: those meant to stay open, and those whose end marked the end of an answer. */
export const closings = ({ name }: ModeResult, slots: readonly Slot[]): readonly Warning[] => {
  const all = slots.flatMap(({ recording }) => recording.connections ?? []);
  const sum = (of: keyof ConnectionCounts): number => all.reduce((total, counts) => total + counts[of], 0);
  return [closing(name, sum), unclosed(name, sum('unclosed'))].filter((warning) => warning !== undefined);
};

const closing = (name: string, sum: (of: keyof ConnectionCounts) => number): Warning | undefined => {
  const closed = sum('closed');
  if (closed < leastClosed) return undefined;
  const after = Math.round(sum('closedAnswers') / closed);
  const when = after === 0 ? 'connections' : `each connection after ${many(after, 'answer')}`;
  const lost = sum('closedLost');
  const cost = lost === 0 ? 'no request was lost to it' : `${many(lost, 'request')} went to a closed one`;
  return {
    code: 'TARGET_CLOSES',
    message: `the target of ${name} closes ${when} and does not say so: ${cost}.`,
    hint: 'What may be sent twice was sent again, the rest failed as "reset". Let the target say "connection: close" or keep them open; --no-keepalive opens one for each request.',
  };
};

const unclosed = (name: string, count: number): Warning | undefined =>
  count === 0
    ? undefined
    : {
        code: 'MAYBE_CUT_OFF',
        message: `${figure(count, 'count')} of the answers to ${name} may be cut off, and count as complete: they had no length, and the target ended TLS without close_notify.`,
        hint: 'A Content-Length or chunks would tell where a body ends; close_notify is what TLS asks of a server that ends a connection (RFC 8446, 6.1).',
      };

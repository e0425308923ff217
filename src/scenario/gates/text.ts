import { tagMark } from '../../core/metric.ts';
import { didYouMean } from '../text/suggest.ts';

/** A part of a gate's text, and where in it the part starts. */
export interface Piece {
  readonly text: string;
  readonly at: number;
}

/** A metric of a mode, of a step or of a tag, `service.p99(locked/write)`, `p99(locked/tag:checkout)`, not looked up yet. */
export interface NamedMetric {
  readonly metric: Piece;
  readonly mode: Piece;
  readonly step?: Piece;
}

/** The right side, if it is another metric: `1.1 * p99(locked) + 5ms`. */
export interface Against extends NamedMetric {
  readonly factor?: Piece;
  readonly floor?: Piece;
}

/** `service.p99(locked/write) < 5ms` in its pieces. */
export interface GatePieces extends NamedMetric {
  /** Present if anything follows the parenthesis. */
  readonly condition?: { readonly op: Piece; readonly limit: Piece; readonly against?: Against };
}

/** Why a gate's text cannot be read, and where. */
export interface GateFault {
  readonly at: number;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** A valid gate, for hints. */
const gateExample = 'such as p99(locked) < 50ms';

/**
 * Splits a gate's text into its pieces.
 *
 * @param modes the names of all modes: if there is only one, a metric need not name it
 */
export const cutGate = (text: string, modes: readonly string[]): GatePieces | GateFault => {
  const named = cutMetric(text, 0, modes);
  if ('message' in named) return named;
  const { end, ...pieces } = named;
  const rest = piece(text, end, text.length);
  if (rest.text === '') return pieces;
  const [op = ''] = /^[<>=!≤≥~≠]*/u.exec(rest.text) ?? [];
  const limit = piece(text, rest.at + op.length, text.length);
  const condition = { op: { text: op, at: rest.at }, limit };
  const call = /[A-Za-z][\w.]*\s*\(/.exec(text.slice(limit.at));
  if (call === null) return lone(limit, pieces.metric.text, modes) ?? { ...pieces, condition };
  const against = cutAgainst(text, limit.at, limit.at + call.index, modes);
  return 'message' in against ? against : { ...pieces, condition: { ...condition, against } };
};

/** The metric that starts at `from`, and where it ends. */
const cutMetric = (
  text: string,
  from: number,
  modes: readonly string[],
): (NamedMetric & { readonly end: number }) | GateFault => {
  const { text: rest, at } = piece(text, from, text.length);
  const [metric = ''] = /^[A-Za-z][\w.]*/.exec(rest) ?? [];
  if (metric === '') return { at, message: 'a gate begins with a metric', hint: gateExample };
  const open = at + metric.length + (/^\s*/.exec(rest.slice(metric.length))?.[0].length ?? 0);
  if (text[open] !== '(') {
    const [only] = modes;
    if (modes.length !== 1 || only === undefined) return ofWhich(metric, at, modes);
    return { metric: { text: metric, at }, mode: { text: only, at }, end: at + metric.length };
  }
  const close = closingOf(text, open);
  if (close === -1) return { at: open, message: 'this "(" is never closed', hint: gateExample };
  const inside = piece(text, open + 1, close);
  if (tagPattern.test(inside.text)) {
    const [only] = modes;
    const step = tagOf(inside);
    if (modes.length !== 1 || only === undefined) return ofWhich(metric, at, modes, `/${step.text}`);
    return { metric: { text: metric, at }, mode: { text: only, at }, step, end: close + 1 };
  }
  const slash = text.slice(open, close).indexOf('/');
  return {
    metric: { text: metric, at },
    mode: piece(text, open + 1, slash === -1 ? close : open + slash),
    ...(slash === -1 ? {} : { step: tagOf(piece(text, open + slash + 1, close)) }),
    end: close + 1,
  };
};

const tagPattern = /^tag\s*:\s*/u;

/** A tag in one spelling, `tag:checkout`. A step as it is. */
const tagOf = ({ text, at }: Piece): Piece => ({ text: text.replace(tagPattern, tagMark), at });

const ofWhich = (metric: string, at: number, [first = 'locked']: readonly string[], rest = ''): GateFault => ({
  at,
  message: `"${metric}" of which mode?`,
  hint: didYouMean(metric, ['generator']) ?? `name it: ${metric}(${first}${rest})`,
});

/** A limit that is the gate's own metric without a mode: `p99(locked) < 2 * p99`. */
const lone = ({ text, at }: Piece, metric: string, modes: readonly string[]): GateFault | undefined => {
  const found = /(?:^|[*\s])([A-Za-z][\w.]*)(?=$|[*+\s])/u.exec(text);
  return found?.[1] === metric ? ofWhich(metric, at + found.index + found[0].length - metric.length, modes) : undefined;
};

/** @param from where the right side starts, `call` where its metric does */
const cutAgainst = (text: string, from: number, call: number, modes: readonly string[]): Against | GateFault => {
  const named = cutMetric(text, call, modes);
  if ('message' in named) return named;
  const { end, ...metric } = named;
  const before = piece(text, from, call);
  const ending = `${metric.metric.text}(${metric.mode.text})`;
  if (before.text !== '' && !before.text.endsWith('*')) {
    const isSum = before.text.endsWith('+');
    const hint = isSum ? `${ending} + ${before.text.slice(0, -1).trim()}` : `such as 1.1 * ${ending}`;
    return {
      at: before.at,
      message: isSum ? 'a floor comes last' : 'expected a factor and "*" before the metric',
      hint,
    };
  }
  const factor = before.text === '' ? undefined : piece(text, before.at, before.at + before.text.length - 1);
  const plus = text.indexOf('+', end);
  const after = piece(text, end, plus === -1 ? text.length : plus);
  if (after.text !== '' && !after.text.startsWith('*')) {
    const isLess = /^[-−–]/u.test(after.text);
    const message = isLess
      ? 'a floor is added, never taken away'
      : 'expected "*" and a factor, "+" and a floor, or nothing';
    return { at: after.at, message, hint: `such as 1.1 * ${ending} + 5ms` };
  }
  if (after.text !== '' && factor !== undefined) return { at: after.at, message: 'two factors: one says it' };
  const second = after.text === '' ? factor : piece(text, after.at + 1, after.at + after.text.length);
  return {
    ...metric,
    ...(second === undefined ? {} : { factor: second }),
    ...(plus === -1 ? {} : { floor: piece(text, plus + 1, text.length) }),
  };
};

/** Names of steps may contain parentheses, as in `GET /products(5)`. */
const closingOf = (text: string, open: number): number => {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at;
  }
  return -1;
};

/** The text between two positions, trimmed. */
const piece = (text: string, from: number, to: number): Piece => {
  const part = text.slice(from, to);
  return { text: part.trim(), at: from + (part.trim() === '' ? 0 : part.length - part.trimStart().length) };
};

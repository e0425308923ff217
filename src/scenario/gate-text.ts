/** A part of a gate's text and where in it it begins. */
export interface Piece {
  readonly text: string;
  readonly at: number;
}

/** `service.p99(locked/write) < 5ms` in its pieces, none of them looked up yet. */
export interface GatePieces {
  readonly metric: Piece;
  readonly mode: Piece;
  readonly step?: Piece;
  /** Present where anything follows the parenthesis. */
  readonly condition?: { readonly op: Piece; readonly limit: Piece };
}

/** What a gate's text cannot be read for, and where. */
export interface GateFault {
  readonly at: number;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** A gate that can be read, for hints. */
const gateExample = 'such as p99(locked) < 50ms';

/** Cuts a gate's text into its pieces. */
export const cutGate = (text: string): GatePieces | GateFault => {
  const from = text.length - text.trimStart().length;
  const [metric = ''] = /^[A-Za-z][\w.]*/.exec(text.slice(from)) ?? [];
  if (metric === '') return { at: from, message: 'a gate begins with a metric', hint: gateExample };
  const open = from + metric.length + (/^\s*/.exec(text.slice(from + metric.length))?.[0].length ?? 0);
  if (text[open] !== '(') {
    return { at: from, message: `"${metric}" of which mode?`, hint: `name it: ${metric}(locked)` };
  }
  const close = closingOf(text, open);
  if (close === -1) return { at: open, message: 'this "(" is never closed', hint: gateExample };
  const second = /[A-Za-z][\w.]*\s*\(/.exec(text.slice(close + 1));
  if (second !== null) {
    return {
      at: close + 1 + second.index,
      message: 'a gate that compares modes comes with a later version',
      hint: `a plain limit can be had: ${gateExample}`,
    };
  }
  const slash = text.slice(open, close).indexOf('/');
  const pieces = {
    metric: { text: metric, at: from },
    mode: piece(text, open + 1, slash === -1 ? close : open + slash),
    ...(slash === -1 ? {} : { step: piece(text, open + slash + 1, close) }),
  };
  const rest = piece(text, close + 1, text.length);
  if (rest.text === '') return pieces;
  const [op = ''] = /^[<>=!≤≥~≠]*/u.exec(rest.text) ?? [];
  return {
    ...pieces,
    condition: { op: { text: op, at: rest.at }, limit: piece(text, rest.at + op.length, text.length) },
  };
};

/** Names of steps may hold parentheses of their own, as in `GET /products(5)`. */
const closingOf = (text: string, open: number): number => {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at;
  }
  return -1;
};

/** What lies between two places, without the space around it. */
const piece = (text: string, from: number, to: number): Piece => {
  const part = text.slice(from, to);
  return { text: part.trim(), at: from + (part.trim() === '' ? 0 : part.length - part.trimStart().length) };
};

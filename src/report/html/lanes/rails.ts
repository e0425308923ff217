import type { DataFinding, FindingOperation } from '../../../core/result/finding.ts';
import { isCounted, valueText } from '../../sections/certificate/operation.ts';

/** A value that operations read, were built on or made. */
export interface Rail {
  readonly text: string;
  /** `above`: it existed before; `below`: an operation made it. */
  readonly side: 'above' | 'below';
}

/** An arrow between an operation and a value. */
export interface RailArrow {
  readonly operation: number;
  readonly rail: number;
  /** `from`: the operation rests on the value; `to`: it made the value. */
  readonly way: 'from' | 'to';
}

/** The values that carry the argument, and which operations rest on them or made them. */
export interface Rails {
  readonly rails: readonly Rail[];
  readonly arrows: readonly RailArrow[];
}

/** With more values than this, nobody can follow the argument. */
const mostRails = 5;

/** What a few operations read and wrote; empty if that is too much to draw. */
export const railsOf = (finding: DataFinding, operations: readonly FindingOperation[]): Rails => {
  const counted = isCounted(finding);
  const rails: Rail[] = [];
  const arrows: RailArrow[] = [];
  const railOf = (text: string, side: Rail['side']): number => {
    const found = rails.findIndex((one) => one.text === text);
    return found === -1 ? rails.push({ text, side }) - 1 : found;
  };
  operations.forEach((one, operation) => {
    const link = (value: unknown, way: RailArrow['way']): void => {
      const text = valueText(value, counted);
      if (text !== '') arrows.push({ operation, rail: railOf(text, way === 'from' ? 'above' : 'below'), way });
    };
    if (one.f === 'ask' || one.f === 'change' || one.f === 'transfer') return;
    if (one.f === 'read') link(one.value, 'from');
    else {
      if (one.f === 'cas') link(one.operand, 'from');
      link(one.value, 'to');
    }
  });
  return rails.length > mostRails || arrows.length < 2 ? { rails: [], arrows: [] } : { rails, arrows };
};

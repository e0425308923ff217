import type { DataFinding, FindingOperation } from '../../../core/result/finding.ts';
import { deedOf, isCounted, msOf, whoOf } from '../../sections/certificate/operation.ts';
import { duration, many } from '../../format.ts';
import { fitted, pxOf } from '../draw/label.ts';
import { at, chart, circle, line, path, rect, text } from '../draw/svg.ts';
import { markup, type Markup, type Part } from '../markup/markup.ts';
import { railsOf, type RailArrow } from './rails.ts';
import { timeAxis, type TimeAxis } from './time.ts';

/** The most operations drawn; the rest are counted. */
export const mostLanes = 9;

const width = 1000;
const left = 180;
const right = 950;
const laneHeight = 40;
const railHeight = 24;

/** The operations of a certificate, each in its own lane in the order in which they began, and the values that they rest on. */
export const lanes = (finding: DataFinding): Part => {
  const operations = finding.operations.slice(0, mostLanes);
  if (operations.length === 0) return undefined;
  const counted = isCounted(finding);
  const axis = timeAxis(operations, left, right - 30);
  const { rails, arrows } = railsOf(finding, operations);
  const above = rails.filter(({ side }) => side === 'above').length;
  const top = 8 + above * railHeight;
  const laneTop = (index: number): number => top + index * laneHeight;
  const bottom = laneTop(operations.length);
  let [high, low] = [0, 0];
  const railY = rails.map(({ side }) =>
    side === 'above' ? 8 + high++ * railHeight + 10 : bottom + low++ * railHeight + 14,
  );
  const height = bottom + low * railHeight + 34;
  const more = finding.operations.length - operations.length;
  return [
    chart({ width, height, label: 'The operations of the certificate over time' }, [
      overlaps(operations, axis, top, bottom),
      rails.map((rail, index) => [
        text(4, railY[index]! + 4, `value ${fitted(rail.text, left - 60)}`, { size: 11 }),
        line(left - 10, railY[index]!, right, railY[index]!, { opacity: 0.35, dash: '1 3' }),
      ]),
      arrows.map((arrow) =>
        arrowOf(arrow, operations[arrow.operation]!, axis, railY[arrow.rail]!, laneTop(arrow.operation)),
      ),
      operations.map((one, index) => lane(one, deedOf(one, counted), axis, laneTop(index))),
      scaleOf(operations, axis, height - 8),
    ]),
    more > 0 ? markup`<p>and ${many(more, 'more operation')}</p>` : undefined,
  ];
};

const lane = (one: FindingOperation, deed: string, axis: TimeAxis, y: number): Markup => {
  const x1 = axis.of(one.call);
  const isOpen = one.ret === null;
  const x2 = isOpen ? right - 8 : axis.of(one.ret);
  const wide = Math.max(2, x2 - x1);
  const words = fitted(deed, right - left, 11);
  const labelX = Math.max(left, Math.min(x1 + 7, right - pxOf(words, 11)));
  const look = {
    ok: { fill: 'currentColor', opacity: 0.75 },
    fail: { fill: 'none', stroke: 'currentColor' },
    info: { fill: 'none', stroke: 'currentColor', dash: '4 3' },
  }[one.status];
  return markup`<g class="lane">${[
    text(4, y + 27, one.letter),
    text(26, y + 27, fitted(whoOf(one), left - 40, 11), { size: 11 }),
    text(labelX, y + 12, words, { size: 11 }),
    rect(x1, y + 17, wide, 13, { ...look, class: 'op' }),
    isOpen
      ? path(`M${at(x2)} ${at(y + 16)}l10 7.5l-10 7.5`, {
          stroke: 'currentColor',
          fill: 'none',
          width: 1.6,
          class: 'unknown-end',
        })
      : undefined,
  ]}</g>`;
};

/** The time during which all operations were under way. */
const overlaps = (operations: readonly FindingOperation[], axis: TimeAxis, top: number, bottom: number): Part => {
  const last = Math.max(...operations.map(({ call, ret }) => ret ?? call));
  const from = Math.max(...operations.map(({ call }) => call));
  const to = Math.min(...operations.map(({ ret }) => ret ?? last));
  if (operations.length < 2 || to <= from) return undefined;
  const [x1, x2] = [axis.of(from), axis.of(to)];
  return [
    rect(x1, top, Math.max(1, x2 - x1), bottom - top, { fill: 'currentColor', opacity: 0.08, class: 'at-once' }),
    x2 - x1 > 50 ? text((x1 + x2) / 2, bottom - 2, 'at once', { anchor: 'middle', size: 10 }) : undefined,
  ];
};

/** An arrow from the value that an operation rests on to its begin, or from its end to the value that it made. */
const arrowOf = ({ way }: RailArrow, one: FindingOperation, axis: TimeAxis, rail: number, y: number): Part => {
  const isRead = way === 'from';
  // A value that was read is known when the read ends; a value that a change was built on existed before it began.
  const moment = isRead && one.f !== 'read' ? one.call : (one.ret ?? one.call);
  const x = axis.of(moment) + (isRead && one.f !== 'read' ? 1 : -1);
  const bar = rail < y ? y + 17 : y + 30;
  const [start, end] = isRead ? [rail, bar] : [bar, rail];
  const head = end > start ? -6 : 6;
  return [
    circle(x, start, 2, { fill: 'currentColor' }),
    path(
      `M${at(x)} ${at(start)}V${at(end)}M${at(x - 4)} ${at(end + head)}L${at(x)} ${at(end)}L${at(x + 4)} ${at(end + head)}`,
      { stroke: 'currentColor', fill: 'none', width: 1.3, class: 'arrow' },
    ),
  ];
};

const scaleOf = (operations: readonly FindingOperation[], axis: TimeAxis, y: number): Part => {
  const first = Math.min(...operations.map(({ call }) => call));
  const last = Math.max(...operations.map(({ call, ret }) => ret ?? call));
  return [
    line(left, y - 16, right, y - 16, { opacity: 0.4 }),
    text(left, y - 2, `${msOf(first)} ms since the run began`, { size: 10 }),
    text(right, y - 2, axis.kind === 'ranks' ? 'in order, not to scale' : `${msOf(last)} ms`, {
      anchor: 'end',
      size: 10,
    }),
    axis.gaps.map(({ x, ns }) => [
      path(`M${at(x - 4)} ${at(y - 10)}l4 -12M${at(x + 2)} ${at(y - 10)}l4 -12`, {
        stroke: 'currentColor',
        width: 1.2,
      }),
      text(x, y - 26, duration(ns / 1000), { anchor: 'middle', size: 10, class: 'gap' }),
    ]),
  ];
};

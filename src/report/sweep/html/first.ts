import type { CapacityResult, CrossingResult, SweepResult } from '../../../core/result/sweep.ts';
import { marker, type Series } from '../../html/draw/series.ts';
import { svg } from '../../html/draw/svg.ts';
import { markup, said, type Markup, type Part } from '../../html/markup/markup.ts';
import { names, table, type Column } from '../../html/markup/table.ts';
import { exact, nothing } from '../../format.ts';
import { isDropped, levelOf, valueAt, valueOf } from '../levels.ts';
import { peakText } from '../tables.ts';
import { dataOverAll, valuesText } from './modes.ts';

/** The modes in one table: how far each gets, how it compares with the control, and whether its data was right. */
export const modesInOneTable = (result: SweepResult, series: readonly Series[]): Part =>
  table(
    series,
    [
      names<Series>('mode', (one) => named(one)),
      ...(result.find === 'capacity' ? capacityColumns(result) : gridColumns(result)),
      { heading: 'data', align: 'left', class: 'c-over', cell: ({ mode }) => dataOverAll(result.points, mode.name) },
    ],
    { label: 'The modes side by side', kind: 'first' },
  );

/** The name of a mode with its marker. */
const named = (series: Series): Markup =>
  markup`${svg({ width: 14, height: 14, kind: 'cell', label: 'marker of the mode' }, marker(series, 7, 7))} ${said(series.name, 30)}`;

const gridColumns = (result: SweepResult): readonly Column<Series>[] => {
  const { scaling, points, scenario } = result;
  const level = levelOf(result);
  const isMore = level === 'throughput';
  return [
    {
      heading: isMore ? 'most iterations/s' : `shortest ${level}`,
      align: 'right',
      class: 'c-best',
      cell: ({ mode }) => {
        const known = points.flatMap((point) => {
          const value = isDropped(point, mode.name) ? undefined : valueAt(point, mode.name, level);
          return value === undefined ? [] : [{ at: point.at, value }];
        });
        const [best] = known.toSorted((a, b) => (isMore ? b.value - a.value : a.value - b.value));
        return best === undefined ? nothing : `${valueOf(best.value, level)} at ${exact(best.at)}`;
      },
    },
    ...(scaling.length === 0
      ? []
      : [
          {
            heading: 'peak',
            align: 'left',
            class: 'c-peak',
            cell: ({ mode }: Series) => {
              const found = scaling.find((one) => one.mode === mode.name);
              return found === undefined ? nothing : peakText(found, points);
            },
          } as const,
        ]),
    {
      heading: markup`beside ${said(scenario.control, 30)}`,
      align: 'left',
      class: 'c-beside',
      cell: ({ mode }) => {
        if (mode.name === scenario.control) return 'the control';
        const found = result.crossings.find((one) => one.mode === mode.name && one.control === scenario.control);
        return found === undefined ? nothing : besideText(found);
      },
    },
  ];
};

/** `slower up to 8, faster from 24 on` */
export const besideText = ({ kind, verdict, brackets, ties }: CrossingResult): string => {
  if (kind === 'no difference shown') return kind;
  if (kind === 'one side')
    return ties.length === 0 ? `${verdict!} everywhere` : `${verdict!}, no difference shown at ${valuesText(ties)}`;
  if (kind === 'several') return brackets.map(({ above, becomes }) => `${becomes} from ${exact(above)} on`).join(', ');
  const { below, above, becomes } = brackets[0]!;
  return `${becomes === 'faster' ? 'slower' : 'faster'} up to ${exact(below)}, ${becomes} from ${exact(above)} on`;
};

const limits: { readonly [limit in NonNullable<CapacityResult['limit']>]: string } = {
  target: 'the target',
  users: 'too few users',
  generator: 'contend itself',
};

const endings: { readonly [ended in CapacityResult['endedBy']]: string } = {
  width: 'found',
  axis: 'the axis ends',
  from: 'fails at the lowest',
  generator: 'contend offers no more',
  violated: 'the data goes wrong',
  recovery: 'the target did not recover',
  undecided: 'slots disagree',
  budget: 'the budget ended it',
  interrupted: 'interrupted',
  invalid: 'could not go on',
};

const capacityColumns = ({ capacity, axis }: SweepResult): readonly Column<Series>[] => {
  const unit = axis.kind === 'rate' ? '/s' : '';
  const of = ({ mode }: Series): CapacityResult | undefined => capacity.find((one) => one.mode === mode.name);
  const end = (value: number | null = null): string => (value === null ? nothing : `${exact(value)}${unit}`);
  return [
    { heading: 'keeps its gates at', align: 'right', class: 'c-keeps', cell: (one) => end(of(one)?.keeps) },
    { heading: 'not at', align: 'right', class: 'c-fails', cell: (one) => end(of(one)?.fails) },
    {
      heading: 'the search',
      align: 'left',
      class: 'c-ended',
      cell: (one) => {
        const found = of(one);
        if (found === undefined) return 'no gate of its own';
        return found.limit === null
          ? endings[found.endedBy]
          : `${endings[found.endedBy]}, limit: ${limits[found.limit]}`;
      },
    },
  ];
};

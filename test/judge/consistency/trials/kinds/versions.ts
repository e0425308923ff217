import { type Before, hasOrder } from '../orders.ts';
import type { Drawn } from '../draw.ts';
import { kindOf, values } from './draw-register.ts';
import type { Kind } from '../trial.ts';

/** A value, its version, and above what that is where no answer has told it yet; each open where it is empty. */
const versionedBy =
  (isOrdered: boolean) =>
  ({ deeds, initial, final }: Drawn, before: Before): boolean => {
    const stateOf = (value: number, version: number, over: number): string => `${value} ${version} ${over}`;
    const settle = (value: number, version: number, over: number, told: number | undefined): string | undefined => {
      if (told === undefined || told === version) return stateOf(value, version, over);
      if (!Number.isNaN(version) || (isOrdered && told <= over)) return undefined;
      return stateOf(value, told, NaN);
    };
    return hasOrder<string>(
      deeds.filter(({ status }) => status !== 'fail'),
      {
        initials: [stateOf(initial, NaN, -Infinity)],
        step: (state, { f, value = NaN, operand, version, status }) => {
          const [now, its, over] = state.split(' ').map(Number) as [number, number, number];
          const told = status === 'ok' ? version : undefined;
          if (f === 'read') {
            if (status !== 'ok') return state;
            if (!Number.isNaN(value) && !Number.isNaN(now) && value !== now) return undefined;
            return settle(Number.isNaN(now) ? value : now, its, over, told);
          }
          const base = f === 'cas' ? settle(now, its, over, operand) : state;
          if (base === undefined) return undefined;
          const [, at, above] = base.split(' ').map(Number) as [number, number, number];
          return settle(value, NaN, isOrdered ? (Number.isNaN(at) ? above : at) : NaN, told);
        },
        mayEnd: (state) => {
          const now = Number(state.split(' ')[0]);
          return Number.isNaN(final) || Number.isNaN(now) || now === final;
        },
      },
      before,
    );
  };

const isTold = ({ deeds }: Drawn): boolean =>
  deeds.some(({ status, version }) => status === 'ok' && version !== undefined);

/** If no answer gave a version and no compare-and-swap was answered, what they are built on may be a version or a value. */
const mayBeVersions = ({ deeds }: Drawn): boolean =>
  deeds.every(({ f, status }) => f !== 'cas' || status !== 'ok') &&
  deeds.some(({ f, status }) => f === 'cas' && status === 'info');

/** By versions where an answer gave one; else what a compare-and-swap is built on is a value, if that is known. */
const isLegalByVersions = (one: Drawn, before: Before): boolean => {
  if (isTold(one)) return versionedBy(true)(one, before);
  return values(one, before) || (mayBeVersions(one) && versionedBy(true)(one, before));
};

const isSurelyLegal = (one: Drawn, before: Before): boolean => {
  if (isTold(one)) return versionedBy(true)(one, before);
  return values(one, before) && (!mayBeVersions(one) || versionedBy(true)(one, before));
};

/** Versions that are texts are names of contents, of which one may have several: what was built on one was built on a content that it is told of. */
const byNames = ({ deeds, initial, final }: Drawn, before: Before): boolean => {
  const contents = new Map<number, Set<number>>();
  for (const { status, value, version } of deeds)
    if (status === 'ok' && value !== undefined && version !== undefined)
      contents.set(version, (contents.get(version) ?? new Set()).add(value));
  return hasOrder<string>(
    deeds.filter(({ status }) => status !== 'fail'),
    {
      initials: [`${initial}`],
      step: (state, { f, value = NaN, operand = NaN, status }) => {
        const [first = '', ...named] = state.split(' ');
        const now = Number(first);
        const next = (to: number, names = named): string => [`${to}`, ...names].join(' ');
        if (f === 'read') {
          if (status !== 'ok' || Number.isNaN(value) || value === now) return state;
          return Number.isNaN(now) ? next(value) : undefined;
        }
        if (f === 'write' || Number.isNaN(now)) return next(value);
        const known = contents.get(operand);
        if (known !== undefined) return known.has(now) ? next(value) : undefined;
        const before = named.find((one) => one.startsWith(`${operand}:`));
        if (before === undefined) return next(value, [...named, `${operand}:${now}`].toSorted());
        return before === `${operand}:${now}` ? next(value) : undefined;
      },
      mayEnd: (state) => {
        const now = Number(state.split(' ')[0]);
        return Number.isNaN(final) || Number.isNaN(now) || now === final;
      },
    },
    before,
  );
};

/** Where no answer told a version, a text is a value like another, and none of those that were written. */
const withTexts = (one: Drawn): Drawn => ({
  ...one,
  deeds: one.deeds.map((deed) => (deed.operand === undefined ? deed : { ...deed, operand: deed.operand + 1000 })),
});

const isLegalByNames = (one: Drawn, before: Before): boolean =>
  isTold(one) ? byNames(one, before) : isLegalByVersions(withTexts(one), before);

/** Where contents come back, and were told under several names, these tell more than the contents. */
const isSurelyLegalByNames = (one: Drawn, before: Before): boolean => {
  if (!isTold(one)) return isSurelyLegal(withTexts(one), before);
  const written = one.deeds.filter(({ f, status }) => f !== 'read' && status !== 'fail').map(({ value }) => value);
  const isUnique = new Set([one.initial, ...written]).size === written.length + 1;
  return byNames(one, before) && (isUnique || versionedBy(false)(one, before));
};

/** Registers whose answers tell versions. */
export const versions: readonly Kind[] = [
  kindOf(
    'register whose answers all tell versions',
    { versions: 'all', isSureOnly: true },
    isLegalByVersions,
    [0.9, 0.5],
    isSurelyLegal,
  ),
  kindOf(
    'register some of whose answers tell versions',
    { versions: 'most' },
    isLegalByVersions,
    [0.5, 0.3],
    isSurelyLegal,
  ),
  kindOf(
    'compare-and-swaps of versions that are all told',
    { hasSwaps: true, versions: 'all', isSureOnly: true },
    isLegalByVersions,
    [0.9, 0.5],
    isSurelyLegal,
  ),
  kindOf(
    'compare-and-swaps of versions',
    { hasSwaps: true, versions: 'most' },
    isLegalByVersions,
    [0.5, 0.3],
    isSurelyLegal,
  ),
  kindOf(
    'versions of values that come back',
    { hasSwaps: true, versions: 'most', isRepeating: true },
    isLegalByVersions,
    [0.5, 0.3],
    isSurelyLegal,
  ),
  kindOf(
    'register whose versions are texts',
    { versions: 'most', tags: true },
    isLegalByNames,
    [0.5, 0.3],
    isSurelyLegalByNames,
  ),
  kindOf(
    'compare-and-swaps of versions that are texts',
    { hasSwaps: true, versions: 'most', tags: true },
    isLegalByNames,
    [0.3, 0.1],
    isSurelyLegalByNames,
  ),
  kindOf(
    'versions that are texts, of values that come back',
    { hasSwaps: true, versions: 'most', tags: true, isRepeating: true },
    isLegalByNames,
    [0.1, 0.05],
    isSurelyLegalByNames,
  ),
];

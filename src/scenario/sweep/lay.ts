import type { Json } from '../../core/json.ts';
import { parseRange } from '../text/notation.ts';
import { find, jsonOf, textOf, type Branch } from '../text/tree.ts';
import type { Setting } from '../layers/settings.ts';
import type { WrittenAxis } from './axis.ts';

/** The setting that lays one value of an axis over a scenario. */
export const settingOf = ({ kind, variable = '' }: WrittenAxis, value: number, scenario: Branch): Setting => {
  const from = '--over';
  if (kind === 'users' || kind === 'rate') return { path: ['load', kind], value, from };
  if (kind === 'workers') return { path: [kind], value, from };
  const written = find(scenario, 'data', variable);
  const range = textOf(written?.kind === 'map' ? find(written, 'range') : written) ?? '';
  if (kind === 'keys') {
    const first = parseRange(range)?.from ?? 1;
    const keys = `${first}..${first + value - 1}`;
    return { path: ['data', variable, ...(written?.kind === 'map' ? ['range'] : [])], value: keys, from };
  }
  const pick: Json = value === 0 ? 'uniform' : { zipf: value };
  return written?.kind === 'map'
    ? { path: ['data', variable, 'pick'], value: pick, from }
    : { path: ['data', variable], value: { range: written === undefined ? '' : jsonOf(written), pick }, from };
};

import { singular } from '../names.ts';
import { bare } from './operations.ts';

/** Which variable belongs where in the paths of a document, whatever each path calls it. */
export interface Places {
  /**
   * The variable of the parameter that names the same thing in an earlier path: `{name}` of `/spaces/{name}` is `{space}` of
   * `/spaces/{space}/pods`.
   */
  find(path: string, parameter: string): string | undefined;
  /** Remembers the variable of a parameter, and gives it back. */
  keep(path: string, parameter: string, variable: string): string;
}

/** The places of one draft. */
export const newPlaces = (): Places => {
  const known = new Map<string, { readonly kind: string; readonly variable: string }[]>();
  return {
    find: (path, parameter) => {
      const { place, kind } = placeOf(path, parameter);
      return known.get(place)?.find((one) => one.kind === kind || one.kind === '' || kind === '')?.variable;
    },
    keep: (path, parameter, variable) => {
      const { place, kind } = placeOf(path, parameter);
      known.set(place, [...(known.get(place) ?? []), { kind, variable }]);
      return variable;
    },
  };
};

/** The path before a parameter, and what the parameter says about the thing there: its `id`, its `slug`, or just its kind. */
const placeOf = (given: string, parameter: string): { readonly place: string; readonly kind: string } => {
  const path = bare(given);
  const place = path.slice(0, path.indexOf(`/{${parameter}}`)).replaceAll(/\{[^{}/]+\}/g, '{}');
  const thing = simple(singular(place.split('/').at(-1) ?? ''));
  const name = simple(parameter);
  const kind = thing !== '' && name.startsWith(thing) ? name.slice(thing.length) : name;
  return { place, kind: /^(?:u?id|uuid|guid|sid|identifier|pk)$/.test(kind) ? 'id' : kind };
};

const simple = (name: string): string => name.replaceAll(/[^A-Za-z0-9]/g, '').toLowerCase();

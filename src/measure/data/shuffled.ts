import { random32 } from '../../core/random.ts';
import { permuted } from './permutation.ts';
import { placeInRound, type MakePick } from './pick.ts';

/** Every item once in a random order, then every item once in another. */
export const shuffled: MakePick = (_options, { size, key }) => {
  return (iteration) => {
    const place = placeInRound(iteration);
    const pass = random32(random32(key, 0, Math.floor(iteration / 2 ** 32)), 1, Math.floor(place / size));
    return permuted(place % size, size, pass);
  };
};

import { lengthIn } from './length.ts';
import type { MakeGenerator } from './contract.ts';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A number of letters and digits. */
export const text: MakeGenerator = (options) => {
  const length = lengthIn(options);
  return (draw) => {
    let all = '';
    for (let left = length(draw), at = 1; left > 0; left--, at++)
      all += letters[Math.floor(draw(at) * letters.length)]!;
    return all;
  };
};

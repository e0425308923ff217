import type { Draw, MakeGenerator } from './contract.ts';

/** A random UUID (version 4). */
export const uuid: MakeGenerator = () => (draw) => {
  const [a, b, c, d] = [hex(draw, 0), hex(draw, 1), hex(draw, 2), hex(draw, 3)];
  const variant = '89ab'[Math.floor(draw(4) * 4)]!;
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-${variant}${c.slice(1, 4)}-${c.slice(4)}${d}`;
};

const bytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

const hex = (draw: Draw, number: number): string => {
  const word = Math.floor(draw(number) * 2 ** 32);
  return bytes[word >>> 24]! + bytes[(word >>> 16) & 255]! + bytes[(word >>> 8) & 255]! + bytes[word & 255]!;
};

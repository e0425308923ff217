/** A colour of a screen: red, green and blue, 0 … 255. */
export type Rgb = readonly [r: number, g: number, b: number];

/** A colour in CIE Lab under D65. */
type Lab = readonly [l: number, a: number, b: number];

const labOf = (rgb: Rgb): Lab => {
  const [r, g, b] = rgb.map((one) => (one / 255 <= 0.04045 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4));
  const [x, y, z] = [
    (0.4124 * r! + 0.3576 * g! + 0.1805 * b!) / 0.95047,
    0.2126 * r! + 0.7152 * g! + 0.0722 * b!,
    (0.0193 * r! + 0.1192 * g! + 0.9505 * b!) / 1.08883,
  ].map((one) => (one > 216 / 24389 ? Math.cbrt(one) : ((24389 / 27) * one + 16) / 116));
  return [116 * y! - 16, 500 * (x! - y!), 200 * (y! - z!)];
};

const degrees = (radians: number): number => ((radians * 180) / Math.PI + 360) % 360;
const cos = (angle: number): number => Math.cos((angle * Math.PI) / 180);
const sin = (angle: number): number => Math.sin((angle * Math.PI) / 180);

/** CIEDE2000: how far two colours are from each other to an eye; 1 is just to be seen. Sharma, Wu, Dalal 2005. */
export const differenceOfLab = ([l1, a1, b1]: Lab, [l2, a2, b2]: Lab): number => {
  const chroma = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2;
  const g = 0.5 * (1 - Math.sqrt(chroma ** 7 / (chroma ** 7 + 25 ** 7)));
  const [c1, c2] = [Math.hypot(a1 * (1 + g), b1), Math.hypot(a2 * (1 + g), b2)];
  const [h1, h2] = [degrees(Math.atan2(b1, a1 * (1 + g))), degrees(Math.atan2(b2, a2 * (1 + g)))];
  const isGrey = c1 * c2 === 0;
  const turn = isGrey ? 0 : ((h2 - h1 + 540) % 360) - 180;
  const hue = isGrey ? h1 + h2 : (h1 + turn / 2 + 360) % 360;
  const [deltaL, deltaC, deltaH] = [l2 - l1, c2 - c1, 2 * Math.sqrt(c1 * c2) * sin(turn / 2)];
  const [light, colour] = [(l1 + l2) / 2, (c1 + c2) / 2];
  const t = 1 - 0.17 * cos(hue - 30) + 0.24 * cos(2 * hue) + 0.32 * cos(3 * hue + 6) - 0.2 * cos(4 * hue - 63);
  const ofL = deltaL / (1 + (0.015 * (light - 50) ** 2) / Math.sqrt(20 + (light - 50) ** 2));
  const ofC = deltaC / (1 + 0.045 * colour);
  const ofH = deltaH / (1 + 0.015 * colour * t);
  const rotation =
    -2 * Math.sqrt(colour ** 7 / (colour ** 7 + 25 ** 7)) * sin(60 * Math.exp(-(((hue - 275) / 25) ** 2)));
  return Math.sqrt(ofL ** 2 + ofC ** 2 + ofH ** 2 + rotation * ofC * ofH);
};

/** The same of two colours of a screen. */
export const differenceOf = (one: Rgb, other: Rgb): number => differenceOfLab(labOf(one), labOf(other));

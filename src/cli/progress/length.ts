/** A longer time is given in minutes. */
const longestInSeconds = 100;

/** About how long something takes: `about 23 s`, `about 2 to 4 min`; empty if it is not known. */
export const timeText = ({ leastUs, mostUs }: { readonly leastUs: number; readonly mostUs: number }): string => {
  if (mostUs === 0) return '';
  const isLong = mostUs >= longestInSeconds * 1e6;
  const [least, most] = [leastUs, mostUs].map((us) => Math.max(1, Math.round(us / (isLong ? 60e6 : 1e6))));
  return `about ${least === most ? '' : `${least} to `}${most} ${isLong ? 'min' : 's'}`;
};

import { lengthIn } from './length.ts';
import type { MakeGenerator } from './contract.ts';

const all =
  `amber anchor apple april arch arrow ash autumn badge barley basin beach bell birch bird blue boat bread brick bridge
brook brush candle canoe canyon carpet castle cedar chalk cherry circle clay cliff cloud clover coast comet copper coral cotton
crane creek crystal curtain daisy dawn delta desert door dune eagle earth echo elm ember engine falcon farm feather fern field
finch fire flame flint flute forest fountain fox garden gate glacier glass gold grain granite grass green grove harbor harvest
hazel hill honey horizon island ivory ivy jade juniper kettle lake lamp lantern leaf lemon linen lion maple marble marsh meadow
mill mint mirror mist moon moss mountain oak ocean olive orchard otter paper path pearl pebble pepper pine planet plum pond
prairie quartz quill rain raven reed ridge river robin rope rose saddle sage sail sand shell silver sky slate snow spark spring
spruce star stone storm stream summer sun swan table thistle thunder tide timber tower trail valley velvet violet wagon walnut
water wave wheat willow wind window winter wolf wood wool yarrow`.split(/\s+/);

/** A number of plain English words, separated by blanks. */
export const words: MakeGenerator = (options) => {
  const length = lengthIn(options);
  return (draw) =>
    Array.from({ length: length(draw) }, (_, at) => all[Math.floor(draw(at + 1) * all.length)]!).join(' ');
};

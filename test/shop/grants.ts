import type { Department } from './department.ts';

/** What every client may have of each coupon, and in each window. */
const [redeemable, limit] = [50, 3];
const perMs = 100;

/** Whether one more request may pass at that time, in ms; it counts those that do. */
type Limiter = (now: number) => boolean;

/** Windows that follow one another, as of a clock. */
const fixed = (): Limiter => {
  let [window, count] = [-1, 0];
  return (now) => {
    const current = Math.floor(now / perMs);
    if (current !== window) [window, count] = [current, 0];
    return ++count <= limit;
  };
};

/** A window that begins with the first request after the last one: INCR and PEXPIRE. */
const onDemand = (): Limiter => {
  let [until, count] = [0, 0];
  return (now) => {
    if (now >= until) [until, count] = [now + perMs, 0];
    return ++count <= limit;
  };
};

/** A log of times in whole milliseconds. */
const sliding = (): Limiter => {
  let granted: number[] = [];
  return (now) => {
    granted = granted.filter((one) => one > now - perMs);
    return granted.length < limit && granted.push(now) > 0;
  };
};

/** A bucket that is full with as many as come in a window, and fills again steadily; one that is wrong overflows now and then. */
const bucket = (isWrong: () => boolean): Limiter => {
  let [tokens, last] = [limit, 0];
  return (now) => {
    tokens = Math.min(limit, tokens + ((now - last) * limit) / perMs);
    last = now;
    if (tokens < 1 && isWrong()) tokens = 3 * limit;
    if (tokens < 1) return false;
    tokens--;
    return true;
  };
};

const limiters = { fixed, 'on-demand': onDemand, sliding, bucket };

/** Coupons, and requests that are limited by four sorts of limiter. */
export const grantsOf = (isWrong: () => boolean): Department => {
  const redeemed = new Map<string, number>();
  const running = new Map<string, Limiter>();
  return {
    reset: () => {
      redeemed.clear();
      running.clear();
    },
    does: {
      'POST coupons': ({ path: [coupon = ''] }) => {
        const count = redeemed.get(coupon) ?? 0;
        if (count >= redeemable && !isWrong()) return [409, {}];
        redeemed.set(coupon, count + 1);
        return [201, {}];
      },
      'GET limited': ({ path: [kind = '', client = ''] }) => {
        const key = `${kind} ${client}`;
        const limiter = running.get(key) ?? limiters[kind as keyof typeof limiters](isWrong);
        running.set(key, limiter);
        const isGranted = limiter(Date.now());
        return isGranted || (kind !== 'bucket' && isWrong()) ? [200, {}] : [429, {}];
      },
    },
  };
};

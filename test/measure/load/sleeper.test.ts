import { describe, expect, test } from 'vitest';
import { Sleeper } from '../../../src/measure/load/sleeper.ts';

/** Sleeps so often, one after the other, and gives how long each took, in µs. */
const sleepOften = async (
  times: number,
  us: () => number,
): Promise<readonly (readonly [asked: number, took: number])[]> => {
  const took: (readonly [number, number])[] = [];
  let asked = 0;
  let fromMs = 0;
  await new Promise<void>((resolve) => {
    const next = (): void => {
      asked = us();
      fromMs = performance.now();
      sleeper.sleep(asked);
    };
    const sleeper = new Sleeper(() => {
      took.push([asked, (performance.now() - fromMs) * 1000]);
      if (took.length < times) next();
      else {
        sleeper.end();
        resolve();
      }
    });
    const begin = setInterval(() => {
      if (!sleeper.isReady) return;
      clearInterval(begin);
      next();
    }, 1);
  });
  return took;
};

describe('Sleeper', () => {
  test('wakes from every sleep, however the call for it and its beginning meet, and never too early', async () => {
    let turn = 0;
    // Short ones among them: their calls are the likeliest to come while the thread is already asleep.
    const took = await sleepOften(3000, () => [0, 20, 60, 150, 400][turn++ % 5]!);
    expect(took).toHaveLength(3000);
    expect(took.filter(([asked, us]) => us < asked)).toEqual([]);
  });

  test('forgets a sleep that another one has replaced', async () => {
    let woken = 0;
    const sleeper = new Sleeper(() => woken++);
    await expect.poll(() => sleeper.isReady).toBe(true);
    sleeper.sleep(60_000_000);
    sleeper.sleep(1000);
    await expect.poll(() => woken).toBe(1);
    sleeper.end();
  });
});

import { describe, expect, test } from 'vitest';
import { CapacitySearch, type CapacityOptions, type ProbeVerdict } from '../../../src/judge/scaling/capacity.ts';
import type { Capacity } from '../../../src/core/result/sweep.ts';
import { drawsOf, runsOf, shareOf } from './draws.ts';

const kept: ProbeVerdict = { is: 'kept' };
const failed: ProbeVerdict = { is: 'failed', because: 'p99 is 262 ms', limit: 'target' };
const violated: ProbeVerdict = { is: 'violated', because: '3 updates lost' };

const options: CapacityOptions = { kind: 'rate', from: 100, to: 10_000, width: 0.05 };

/** Asks until the search is over, or for so many slots. */
const searched = (
  verdict: (at: number, slot: number) => ProbeVerdict,
  more: Partial<CapacityOptions> = {},
  slots = 500,
): CapacitySearch => {
  const search = new CapacitySearch({ ...options, ...more });
  for (let slot = 0; slot < slots && search.wanted !== undefined; slot++) search.tell(verdict(search.wanted, slot));
  return search;
};

const below = (limit: number) => (at: number) => (at < limit ? kept : failed);

describe('a search for the highest load', () => {
  test.each([137, 185, 1000, 1733, 9100])('finds %i/s of a server that is certain, within its width', (limit) => {
    const found = searched(below(limit)).found('budget');
    expect(found).toMatchObject({ endedBy: 'width', limit: 'target', undecided: [] });
    expect(found.keeps).toBeLessThan(limit);
    expect(found.fails).toBeGreaterThanOrEqual(limit);
    expect(found.fails! / found.keeps!).toBeLessThanOrEqual(1.0501);
  });

  test('shows both ends by three slots more of one kind', () => {
    const { keeps, fails, probes } = searched(below(185)).found('budget');
    expect(probes.find(({ at }) => at === keeps)?.passes).toBeGreaterThanOrEqual(3);
    expect(probes.find(({ at }) => at === fails)?.failures).toBeGreaterThanOrEqual(3);
    expect(probes.find(({ at }) => at === fails)?.because).toBe('p99 is 262 ms');
  });

  test('finds whole users, the last one exactly', () => {
    expect(searched(below(24), { kind: 'users', from: 1, to: 128 }).found('budget')).toMatchObject({
      keeps: 23,
      fails: 24,
      endedBy: 'width',
    });
  });

  test('says "at least" where the highest is still kept', () => {
    expect(searched(() => kept).found('budget')).toMatchObject({
      keeps: 10_000,
      fails: null,
      endedBy: 'axis',
      limit: null,
    });
  });

  test('of which the generator is the limit says nothing of the target beyond', () => {
    const late: ProbeVerdict = { is: 'failed', because: 'the generator was 30 ms late', limit: 'generator' };
    const unknown = { fails: null, limit: 'generator', endedBy: 'generator' };
    expect(searched(() => late).found('budget')).toMatchObject({ ...unknown, keeps: null });
    const found = searched((at) => (at < 185 ? kept : late)).found('budget');
    expect(found).toMatchObject(unknown);
    expect(found.keeps).toBeGreaterThan(170);
  });

  test('says "below" where the lowest is not', () => {
    expect(searched(() => failed).found('budget')).toMatchObject({ keeps: null, fails: 100, endedBy: 'from' });
  });

  test('does not believe one bad slot of the lowest', () => {
    const found = searched((at, slot) => (slot === 0 ? failed : below(185)(at))).found('budget');
    expect(found.keeps).toBeGreaterThan(170);
  });

  test('takes wrong data for good, without a vote', () => {
    const found = searched((at) => (at >= 400 ? violated : kept)).found('budget');
    expect(found).toMatchObject({ endedBy: 'violated', limit: null });
    expect(found.fails).toBeLessThanOrEqual(420);
    expect(found.probes.filter(({ failures }) => failures > 0).every(({ failures }) => failures === 1)).toBe(true);
  });

  test('says so where data goes wrong at the lowest, whenever that shows', () => {
    expect(searched(() => violated).found('budget')).toMatchObject({ keeps: null, fails: 100, endedBy: 'violated' });
    let asked = 0;
    const late = searched((at) => (at === 100 && ++asked > 1 ? violated : below(400)(at)));
    expect(late.found('budget')).toMatchObject({ keeps: null, fails: 100, endedBy: 'violated' });
  });

  test("names the generator's limit as its own", () => {
    const limit = (at: number): ProbeVerdict =>
      at < 700 ? kept : { is: 'failed', because: 'the generator is behind its schedule', limit: 'generator' };
    expect(searched(limit).found('budget')).toMatchObject({ endedBy: 'generator', limit: 'generator' });
  });

  test('asks the lowest after each slot that was not kept, until it is', () => {
    const asked: number[] = [];
    searched((at) => {
      asked.push(at);
      return below(185)(at);
    });
    const afterFailures = asked.filter((_, index) => (asked[index - 1] ?? 0) >= 185);
    expect(afterFailures.length).toBeGreaterThan(3);
    expect(new Set(afterFailures)).toEqual(new Set([100]));
  });

  test('gives up a target that does not recover', () => {
    let isBroken = false;
    const broken = searched((at) => {
      isBroken ||= at >= 400;
      return isBroken ? failed : kept;
    });
    expect(broken.wanted).toBeUndefined();
    expect(broken.found('budget')).toMatchObject({ keeps: null, fails: null, endedBy: 'recovery' });
  });

  test('does not blame the target where the generator was too late to see it recover', () => {
    let isBusy = false;
    const found = searched((at) => {
      isBusy ||= at >= 400;
      return isBusy ? { is: 'failed', because: 'the generator was 30 ms late', limit: 'generator' } : kept;
    }).found('budget');
    expect(found).toMatchObject({ keeps: null, fails: null, endedBy: 'generator' });
    expect(found.probes.find(({ at }) => at === 100)?.because).toBe('the generator was 30 ms late');
  });

  test('names the limit that most slots of a load ran into, and the generator where it is in doubt', () => {
    const late: ProbeVerdict = { is: 'failed', because: 'late', limit: 'generator' };
    const limits = (every: number): Capacity => {
      let failing = 0;
      const verdict = (at: number): ProbeVerdict => (at < 185 ? kept : failing++ % every === 0 ? late : failed);
      return searched(verdict, { from: 180, to: 200 }).found('budget');
    };
    expect(limits(1)).toMatchObject({ fails: null, limit: 'generator' });
    expect(limits(9)).toMatchObject({ limit: 'target' });
  });

  test('counts the slots in which a target recovers as no probes', () => {
    const { probes } = searched(below(185)).found('budget');
    expect(probes.find(({ at }) => at === 100)).toMatchObject({ passes: 1, failures: 0 });
  });

  test('leaves between its ends what nobody can tell', () => {
    let turn = 0;
    const found = searched((at) => (at < 170 ? kept : at > 220 ? failed : turn++ % 2 === 0 ? kept : failed)).found(
      'budget',
    );
    expect(found.keeps).toBeLessThan(200);
    expect(found.fails ?? Infinity).toBeGreaterThan(200);
    expect(found.undecided.length).toBeGreaterThan(0);
  });

  test('says what is known where it is cut short, and nothing that was seen once', () => {
    const search = searched(below(185), {}, 3);
    expect(search.wanted).toBeDefined();
    expect(search.found('budget')).toMatchObject({ keeps: null, fails: null, endedBy: 'budget' });
    expect(search.found('interrupted').probes.map(({ at }) => at)).toEqual([100, 200]);
  });

  test('begins where it is told, and goes down where that is not kept', () => {
    const asked: number[] = [];
    const verdict = (at: number): ProbeVerdict => {
      asked.push(at);
      return below(137)(at);
    };
    const found = searched(verdict, { from: 50, begin: 400 }).found('budget');
    expect(found).toMatchObject({ endedBy: 'width', limit: 'target' });
    expect(found.keeps).toBeLessThan(137);
    expect(found.fails).toBeGreaterThanOrEqual(137);
    expect(asked.slice(0, 5)).toEqual([400, 50, 200, 50, 100]);
    expect(searched(() => failed, { from: 50, begin: 400 }).found('budget')).toMatchObject({
      keeps: null,
      fails: 50,
      endedBy: 'from',
    });
  });

  test('asks for little more than the target was seen to serve before it doubles again', () => {
    const asked: number[] = [];
    searched(
      (at) => {
        asked.push(at);
        return kept;
      },
      { begin: 110, served: 220 },
    );
    expect(asked.slice(0, 5)).toEqual([110, 220, 264, 528, 1056]);
  });

  test('leaves a load that the generator spoils twice for a higher one', () => {
    const late: ProbeVerdict = { is: 'failed', because: 'contend was late', limit: 'generator' };
    const asked: number[] = [];
    const found = searched((at) => {
      asked.push(at);
      return at < 150 ? late : below(700)(at);
    }).found('budget');
    expect(asked.slice(0, 3)).toEqual([100, 100, 200]);
    expect(found.keeps).toBeGreaterThan(650);
    expect(found.probes[0]).toMatchObject({ at: 100, passes: 0, failures: 2, spoiled: 2 });
  });

  test('does not count a spoiled slot as one that was not kept', () => {
    let slot = 0;
    const late: ProbeVerdict = { is: 'failed', because: 'contend was late', limit: 'generator' };
    const found = searched((at) => (slot++ % 5 === 4 ? late : below(185)(at))).found('budget');
    expect(found).toMatchObject({ limit: 'target', endedBy: 'width' });
    expect(found.keeps).toBeLessThan(185);
    expect(found.fails).toBeGreaterThanOrEqual(185);
    expect(found.probes.find(({ at }) => at === found.fails)?.because).toBe('p99 is 262 ms');
  });

  test('ends whatever it is told', () => {
    const late: ProbeVerdict = { is: 'failed', because: 'late', limit: 'generator' };
    const words: readonly ProbeVerdict[] = [kept, failed, violated, { is: 'undecided', because: 'too few' }, late];
    const ranges = [{}, { begin: 400 }, { begin: 400, served: 800 }] as const;
    const slots = runsOf(300).map((run) => {
      const draws = drawsOf(run, 'whatever');
      let asked = 0;
      const search = searched(
        () => {
          asked++;
          return words[Math.floor(draws.uniform() * (run % 2 === 0 ? 2 : 5))]!;
        },
        ranges[run % ranges.length],
      );
      expect(search.wanted).toBeUndefined();
      const { keeps, fails } = search.found('budget');
      if (keeps !== null && fails !== null) expect(keeps).toBeLessThan(fails);
      return asked;
    });
    expect(Math.max(...slots)).toBeLessThan(500);
  });

  test('finds known capacities of servers with noise in nine of ten', () => {
    const right = shareOf(100, (run) => {
      const draws = drawsOf(run, 'known');
      const limit = 150 * 40 ** draws.uniform();
      const { keeps, fails } = searched((at) =>
        at * Math.exp(0.02 * draws.normal()) < limit && draws.uniform() > 0.03 ? kept : failed,
      ).found('budget');
      return keeps !== null && fails !== null && keeps / 1.02 <= limit && limit <= fails * 1.02;
    });
    expect(right).toBeGreaterThanOrEqual(0.9);
  });
});

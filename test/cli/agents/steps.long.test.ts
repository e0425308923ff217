import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hasRedis, RedisServer, withRedis } from '../../redis.ts';
import { assertNoLeftovers, matching, start, type Ended, type Running } from '../contend.ts';
import { documentOf } from '../document.ts';
import { openServer, type TestServer } from '../server.ts';
import { freeAgain } from './rig.ts';
import { TappedLink, type Way } from './tapped.ts';

afterEach(assertNoLeftovers);

/** From what befalls one until the run has told it, and until everybody else is free. */
const soonMs = 10_000;

/** A message of that kind on a channel, as Redis is sent it and passes it on. */
const message = (channel: 'from' | 'to', kind: string): string =>
  String.raw`([0-9a-f]{16}):\d+:${channel}\r\n\$\d+\r\n${kind}\n`;
const listCommand = (command: string): string =>
  String.raw`(?:${command}|${command.toUpperCase()})\r\n\$\d+\r\ncontend:([0-9a-f]{16}):\d+:slot-1\r\n`;

/** Of a slot that is to count: on a busy machine agents hear late that it begins, and this hides a third of a second of it. */
const long = 'duration: 1s, warmup: 3s';

/** A step of a run: when it has come, for whoever sits behind a link. `before`: when the target is asked to begin the second slot. */
interface Step {
  readonly name: string;
  readonly agent: readonly [Way, string] | 'before';
  readonly run: readonly [Way, string] | 'before';
  /** How long a slot is; 1 s without a warm-up unless given. */
  readonly load?: string;
  /** The step is the last one: all is measured. */
  readonly isLast?: true;
}

const steps: readonly Step[] = [
  { name: 'says hello', agent: ['there', message('from', 'hello')], run: ['back', message('from', 'hello')] },
  {
    name: 'knows where the run goes',
    agent: ['there', message('from', 'planned')],
    run: ['back', message('from', 'planned')],
  },
  { name: 'is ready', agent: ['there', message('from', 'ready')], run: ['back', message('from', 'ready')] },
  { name: 'is told when to begin', agent: ['back', message('to', 'begin')], run: ['there', message('to', 'begin')] },
  {
    name: 'measures',
    agent: ['there', message('from', 'beat')],
    run: ['back', message('from', 'beat')],
    load: 'duration: 2m, warmup: 0',
  },
  {
    name: 'sends what it measured',
    agent: ['there', listCommand('rpush')],
    run: ['there', listCommand('blpop')],
    load: long,
  },
  { name: 'waits for the next slot', agent: 'before', run: 'before', load: long },
  {
    name: 'is told that it is over',
    agent: ['back', message('to', 'end')],
    run: ['there', message('to', 'end')],
    load: long,
    isLast: true,
  },
];

describe.skipIf(!hasRedis)(`at every step of a run${withRedis}`, () => {
  let redis: RedisServer;
  let target: TestServer;
  let folder: string;
  /** What is called when the target is asked to begin a second slot, by the name of the case. */
  const seconds = new Map<string, () => void>();
  const firsts = new Set<string>();

  beforeAll(async () => {
    redis = await RedisServer.start();
    target = await openServer((request) => {
      const [, name] = /^POST \/before\/(.+)$/u.exec(request) ?? [];
      if (name !== undefined && firsts.has(name)) seconds.get(name)?.();
      if (name !== undefined) firsts.add(name);
      return 200;
    });
    folder = mkdtempSync(join(tmpdir(), 'contend-steps-'));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await target.close();
    await redis[Symbol.asyncDispose]();
  });

  /** Runs whose ids nobody else has. */
  let cases = 0;
  let databases = 0;

  /** Agents and runs that find each other and nobody else: in a database of their own. */
  class Place implements AsyncDisposable {
    readonly database = databases++;
    readonly link: TappedLink;
    readonly agents: Running[] = [];

    constructor(link: TappedLink) {
      this.link = link;
    }

    static async open(): Promise<Place> {
      return new Place(await TappedLink.open(redis.port));
    }

    url(isTapped: boolean): string {
      return `redis://127.0.0.1:${isTapped ? this.link.port : redis.port}/${this.database}`;
    }

    async lend(isTapped: boolean): Promise<Running> {
      const flags = ['--allow-host', '127.0.0.1', '--allow-writes', '-w', '1'];
      const agent = start(['agent', '--redis', this.url(isTapped), ...flags], { withinMs: 230_000 });
      this.agents.push(agent);
      await matching(agent.stderr, / lends 1 thread/u);
      return agent;
    }

    /** Begins a run, and gives what it ends with and when the step had come, at which something befalls somebody. */
    run(
      { load = 'duration: 1s, warmup: 0', agent: victim }: Step,
      waitAgents: string,
      at: Step['agent'],
      isTapped: boolean,
      befalls: (run: Running) => void,
    ): { readonly run: Running; readonly struckMs: Promise<number> } {
      const name = `case-${cases++}`;
      const file = join(folder, `${name}.yaml`);
      writeFileSync(
        file,
        `target: ${target.origin}
seed: ${cases}
rounds: ${victim === 'before' ? 2 : 1}
load: { users: 4, think: 20ms, ${load} }
data: { id: uuid }
before: [{ post: /before/${name} }]
steps: [{ get: "/once/${name}/\${id}" }]
modes: { only: none }
`,
      );
      let run: Running | undefined;
      const struckMs = new Promise<number>((resolve) => {
        const strike = (): void => {
          befalls(run!);
          resolve(performance.now());
        };
        if (at === 'before') seconds.set(name, strike);
        else this.link.watch(...at, strike);
      });
      const asking = [
        '--redis',
        this.url(isTapped),
        '--agents',
        String(this.agents.length),
        '--wait-agents',
        waitAgents,
      ];
      run = start(['run', file, '--json', '-q', '--undecided', 'warn', ...asking], { withinMs: 60_000 });
      const { ended } = run;
      const never = ended.then(({ stdout, stderr }) => {
        throw new Error(`${name} was over before the step had come:\n${stdout}${stderr}`);
      });
      return { run, struckMs: Promise.race([struckMs, never]) };
    }

    async [Symbol.asyncDispose](): Promise<void> {
      for (const { child } of this.agents) {
        child.kill('SIGCONT');
        child.kill('SIGTERM');
      }
      this.link.mend();
      await Promise.all(this.agents.map(async ({ ended }) => ended));
      await this.link[Symbol.asyncDispose]();
    }
  }

  /** What it has written since. */
  const sinceNow = (text: () => string): (() => string) => {
    const from = text().length;
    return () => text().slice(from);
  };

  const isFree = async (said: () => string, struckMs: number): Promise<void> => {
    await matching(said, freeAgain, Math.max(100, soonMs - (performance.now() - struckMs)));
  };

  const here = hostname().replaceAll('.', String.raw`\.`);
  /** Who is cut off before its hello was heard is waited for, and no longer than others have to wait to hear of it. */
  const waitFor = ({ name }: Step, fault: string): string => (name === 'says hello' && fault === 'cut' ? '5s' : '20s');
  const nobody = /^\d of \d agents came within 5 s/u;

  const expectOver = ({ code, stdout, stderr }: Ended, why: RegExp | undefined): void => {
    const { invalid, modes } = documentOf(stdout);
    expect([code, invalid?.message ?? '', stderr]).toEqual([
      why === undefined ? 0 : 96,
      expect.stringMatching(why ?? /^$/u),
      '',
    ]);
    if (why === undefined) expect(modes[0]!.iterations.completed).toBeGreaterThan(10);
  };

  test.concurrent.each(steps)(
    'an agent that $name: it is cut off, stands still, is killed; the run names it, the other one is free',
    { timeout: 240_000 },
    async (step) => {
      await using place = await Place.open();
      const [other, victim] = await Promise.all([place.lend(false), place.lend(true)]);
      const lost = new RegExp(String.raw`^agent [12] of 2 \(${here}, 1 thread\) has not been heard from for 5 s`, 'u');
      for (const fault of ['cut', 'SIGSTOP', 'SIGKILL'] as const) {
        const [said, own] = [sinceNow(other.stderr), sinceNow(victim.stderr)];
        const { run, struckMs } = place.run(step, waitFor(step, fault), step.agent, false, () => {
          if (fault === 'cut') place.link.cut();
          else victim.child.kill(fault);
        });
        const ms = await struckMs;
        const ended = await run.ended;
        const tookMs = performance.now() - ms;
        // The result goes in one piece, which is on its way when the agent stops: nothing is missing.
        const isWhole = step.isLast === true || (step.name === 'sends what it measured' && fault !== 'cut');
        // An agent that is cut off before its hello arrives has not come.
        const why = isWhole ? undefined : step.name === 'says hello' && fault === 'cut' ? nobody : lost;
        expectOver(ended, why);
        expect(tookMs, `${step.name}: ${fault}`).toBeLessThan(soonMs);
        await isFree(said, ms);
        if (fault === 'cut') {
          await isFree(own, ms);
          place.link.mend();
        } else if (fault === 'SIGSTOP') {
          const goesOnMs = performance.now();
          victim.child.kill('SIGCONT');
          await isFree(own, goesOnMs);
        }
      }
    },
  );

  // To a run these are alike: nobody measures yet.
  const ofRuns = steps.filter(({ name }) => name !== 'knows where the run goes' && name !== 'is ready');
  test.concurrent.each(ofRuns)(
    'a run whose agent $name: it is cut off, stands still, is killed; its agent is free, and it names it where it can',
    { timeout: 240_000 },
    async (step) => {
      await using place = await Place.open();
      const agent = await place.lend(false);
      const named = String.raw`agent 1 of 1 \(${here}, 1 thread\)`;
      for (const fault of ['cut', 'SIGSTOP', 'SIGKILL'] as const) {
        const said = sinceNow(agent.stderr);
        const { run, struckMs } = place.run(step, waitFor(step, fault), step.run, true, ({ child }) => {
          if (fault === 'cut') place.link.cut();
          else child.kill(fault);
        });
        const ms = await struckMs;
        if (fault === 'cut') {
          const ended = await run.ended;
          const isKnown = step.name !== 'says hello';
          const cut = new RegExp(String.raw`^Redis at .* does not answer: the shares of ${named} are missing`, 'u');
          expectOver(ended, step.isLast === true ? undefined : isKnown ? cut : nobody);
          expect(performance.now() - ms, `${step.name}: ${fault}`).toBeLessThan(soonMs);
        }
        await isFree(said, ms);
        if (fault === 'cut') place.link.mend();
        if (fault === 'SIGSTOP') {
          const goesOnMs = performance.now();
          run.child.kill('SIGCONT');
          const ended = await run.ended;
          // What was measured lay in Redis all the time: then nothing is missing.
          const isWhole = step.isLast === true || (step.name === 'sends what it measured' && ended.code === 0);
          expectOver(ended, isWhole ? undefined : new RegExp(`^${named} has `, 'u'));
          expect(performance.now() - goesOnMs, `${step.name}: ${fault}`).toBeLessThan(soonMs);
        }
        if (fault === 'SIGKILL') expect((await run.ended).stdout).toBe('');
      }
    },
  );

  const late = String.raw`^agent [12] of 2 \(${here}, 1 thread\) heard \d+ ms too late that the slot had begun \(10 ms at most\)`;
  const [, , ready, beginning, measuring, sending] = steps;
  test.concurrent.each([
    ['is ready', ready!, long, undefined],
    ['is told when to begin', beginning!, 'duration: 1s, warmup: 0', new RegExp(late, 'u')],
    ['is told when to begin, long before it is measured', beginning!, 'duration: 1s, warmup: 6s', undefined],
    ['measures', measuring!, long, undefined],
    ['sends what it measured', sending!, long, undefined],
  ] as const)(
    'an agent that %s: where its connections end at once it comes back, and what it missed is said again',
    { timeout: 240_000 },
    async (_, step, load, why) => {
      await using place = await Place.open();
      const agents = await Promise.all([place.lend(false), place.lend(true)]);
      const { run, struckMs } = place.run({ ...step, load }, '20s', step.agent, false, () => place.link.reset());
      const ms = await struckMs;
      expectOver(await run.ended, why);
      if (why !== undefined) expect(performance.now() - ms).toBeLessThan(soonMs);
      for (const { stderr } of agents) await matching(stderr, freeAgain, soonMs);
    },
  );

  test('no request was sent twice, and nothing stays in Redis that has no expiry', async () => {
    const once = target.requests.filter((request) => request.startsWith('GET /once/'));
    expect(once.length).toBeGreaterThan(1000);
    expect(new Set(once).size).toBe(once.length);
    const client = new Redis(redis.url);
    try {
      const undying: string[] = [];
      for (let database = 0; database < databases; database++) {
        await client.select(database);
        for (const key of await client.keys('*'))
          if ((await client.pttl(key)) === -1) undying.push(`${database} ${key}`);
      }
      expect(undying).toEqual([]);
    } finally {
      client.disconnect();
    }
  });
});

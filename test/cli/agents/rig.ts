import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RedisServer } from '../../redis.ts';
import { built, matching, startProgram, type Running, type RunOptions } from '../contend.ts';
import { documentOf } from '../document.ts';
import { openServer, type TestServer } from '../server.ts';
import type { Result } from '../../../src/core/result/result.ts';

/** What an agent says last once it is free, wherever Redis was lost meanwhile. */
export const freeAgain = /Free again[^\n]*\n(?:Redis at \S+ is back\.\n)?$/u;

/** How an agent is started. */
export interface AgentOptions extends Pick<RunOptions, 'env'> {
  /** The command, in place of the built one. */
  readonly command?: string;
  /** Beside where it is asked for. */
  readonly flags?: readonly string[];
}

const usual = ['--allow-host', '127.0.0.1', '--allow-writes', '-w', '1'];

/** Redis, a target and agents, as processes of this machine, for one test. */
export class AgentsRig implements AsyncDisposable {
  readonly redis: RedisServer;
  readonly target: TestServer;
  readonly agents: readonly Running[];
  readonly #folder: string;

  private constructor(redis: RedisServer, target: TestServer, agents: readonly Running[], folder: string) {
    this.redis = redis;
    this.target = target;
    this.agents = agents;
    this.#folder = folder;
  }

  /** @param agents each with its options */
  static async open(agents: readonly AgentOptions[]): Promise<AgentsRig> {
    const redis = await RedisServer.start();
    const target = await openServer(() => 200);
    const started = agents.map(({ command = built, flags = usual, env = {} }) =>
      startProgram(process.execPath, [command, 'agent', '--redis', redis.url, ...flags], { env, withinMs: 110_000 }),
    );
    for (const { stderr } of started) await matching(stderr, / lends \d+ thread/u);
    return new AgentsRig(redis, target, started, mkdtempSync(join(tmpdir(), 'contend-agents-')));
  }

  /** Agents of the usual sort. */
  static async of(count: number): Promise<AgentsRig> {
    return AgentsRig.open(Array.from({ length: count }, () => ({})));
  }

  /** A file beside the scenarios. */
  beside(name: string, bytes: string | Uint8Array): void {
    writeFileSync(join(this.#folder, name), bytes);
  }

  /** A scenario of one request, against the target. @param text what else is in it, of its modes above all */
  scenario(text: string, name = 'agents.yaml'): string {
    const file = join(this.#folder, name);
    writeFileSync(file, `target: ${this.target.origin}\nseed: 7\nrounds: 1\n${text}\n`);
    return file;
  }

  /** The flags with which a run asks for agents. */
  get asking(): readonly string[] {
    return ['--redis', this.redis.url, '--agents', String(this.agents.length)];
  }

  /** Begins a run. */
  start(
    file: string,
    flags = this.asking,
    { command = built, ...options }: RunOptions & Pick<AgentOptions, 'command'> = {},
  ): Running {
    return startProgram(process.execPath, [command, 'run', file, '--json', '-q', ...flags], options);
  }

  /** Runs to the end, and gives the result. */
  async result(file: string, flags = this.asking): Promise<Result> {
    const { stdout, stderr } = await this.start(file, flags).ended;
    if (stdout === '') throw new Error(stderr);
    return documentOf(stdout);
  }

  /** Ends all that it has started, each by its own id. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const { child } of this.agents) {
      // One that stands still takes no other signal.
      child.kill('SIGCONT');
      child.kill('SIGTERM');
    }
    await Promise.all(this.agents.map(async ({ ended }) => ended));
    await this.target.close();
    await this.redis[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true });
  }
}

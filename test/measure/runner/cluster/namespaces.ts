import { spawnSync } from 'node:child_process';
import process from 'node:process';

const said = (program: string, ...args: readonly string[]): string | undefined => {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (error !== undefined) return error.message;
  return status === 0 ? undefined : stderr.trim();
};

const run = (...argv: readonly [string, ...string[]]): void => {
  const [program, ...args] = argv;
  const problem = said(program, ...args);
  if (problem !== undefined) throw new Error(`${argv.join(' ')}: ${problem}`);
};

let count = 0;

/** A network of its own, joined to this machine by one cable: what runs in it is another machine to the network. */
export class NetworkNamespace implements Disposable {
  readonly name: string;
  /** Of this machine, as those within see it. */
  readonly hostAddress: string;
  /** Of those within. */
  readonly address: string;
  readonly #cable: string;

  constructor() {
    const place = count++;
    const subnet = `10.${200 + (process.pid % 50)}.${process.pid % 250}`;
    this.name = `contend-${process.pid}-${place}`;
    this.#cable = `ctd${process.pid % 100_000}n${place}`;
    [this.hostAddress, this.address] = [`${subnet}.${4 * place + 1}`, `${subnet}.${4 * place + 2}`];
    run('ip', 'netns', 'add', this.name);
    run('ip', 'link', 'add', this.#cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', this.name);
    run('ip', 'address', 'add', `${this.hostAddress}/30`, 'dev', this.#cable);
    run('ip', 'link', 'set', this.#cable, 'up');
    for (const command of [
      ['address', 'add', `${this.address}/30`, 'dev', 'eth0'],
      ['link', 'set', 'eth0', 'up'],
      ['link', 'set', 'lo', 'up'],
      ['route', 'add', 'default', 'via', this.hostAddress],
    ])
      run('ip', '-n', this.name, ...command);
  }

  /** The command line that runs another one in it. */
  inside(...argv: readonly string[]): readonly [string, ...string[]] {
    return ['ip', 'netns', 'exec', this.name, ...argv];
  }

  /** Pulls the cable out. */
  cut(): void {
    run('ip', 'link', 'set', this.#cable, 'down');
  }

  [Symbol.dispose](): void {
    said('ip', 'link', 'delete', this.#cable);
    said('ip', 'netns', 'delete', this.name);
  }
}

/** The command line that runs another one with a monotonic clock that began so many seconds earlier. */
export const withOtherClock = (seconds: number, argv: readonly string[]): readonly [string, ...string[]] => [
  'unshare',
  '--time',
  '--monotonic',
  String(seconds),
  '--fork',
  '--kill-child',
  ...argv,
];

const whyNot = (): string | undefined => {
  if (process.platform !== 'linux') return 'this is no Linux';
  try {
    new NetworkNamespace()[Symbol.dispose]();
  } catch (error) {
    return (error as Error).message;
  }
  const [program, ...args] = withOtherClock(1000, ['true']);
  return said(program, ...args);
};

/** Why there can be no other machine on this one; undefined: there can. */
export const noNamespaces = whyNot();

/** What the title of a test says that is skipped without them. */
export const withNamespaces = noNamespaces === undefined ? '' : ` (skipped: no namespaces: ${noNamespaces})`;

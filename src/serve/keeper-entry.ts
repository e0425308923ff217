import { createInterface } from 'node:readline';
import { messageOf } from '../core/errors.ts';
import { micros } from '../core/units.ts';
import type { Means } from './keeper/end.ts';
import { Keeper } from './keeper/keeper.ts';
import type { Answer, Ask, Told } from './keeper/protocol.ts';

// A process that keeps another one: told what to do in lines of JSON on its standard input, it answers in lines on its standard
// output, and when its input ends, however contend goes, it ends what it keeps and cleans up.

const say = (answer: Answer): void => void process.stdout.write(`${JSON.stringify(answer)}\n`);
// Nobody is there to be told any more.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
// The signals are for contend, which has things to read back first.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

const means: Means = {
  clock: { now: () => micros(performance.now() * 1000) },
  send: (pid, signal) => void process.kill(pid, signal),
};

let keeper: Keeper | undefined;
// One after the other.
let before: Promise<unknown> = Promise.resolve();

const end = async (code: number): Promise<void> => {
  try {
    await keeper?.close();
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(1);
  }
  process.exit(code);
};

const broken = (error: unknown): void => {
  process.stderr.write(`${messageOf(error)}\n`);
  void end(1);
};

createInterface({ input: process.stdin })
  .on('line', (line) => {
    if (keeper === undefined) {
      keeper = new Keeper(JSON.parse(line) as Told, say, means);
      before = keeper.open().then(say);
    } else {
      const kept = keeper;
      before = before.then(async () => say(await kept.answer(JSON.parse(line) as Ask)));
    }
    before.catch(broken);
  })
  .on('close', () => void end(0));

import { createInterface } from 'node:readline';
import { messageOf } from '../core/errors.ts';
import { micros } from '../core/units.ts';
import type { Means } from './keeper/end.ts';
import { Keeper } from './keeper/keeper.ts';
import type { Answer, Ask, Told } from './keeper/protocol.ts';

// The process that keeps another one. It reads commands as lines of JSON from standard input and answers in lines on standard
// output. When its input ends, however contend exits, it ends what it keeps and cleans up.

const say = (answer: Answer): void => void process.stdout.write(`${JSON.stringify(answer)}\n`);
// contend is gone.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
// The signals are for contend, which has values to read back first.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

const means: Means = {
  clock: { now: () => micros(performance.now() * 1000) },
  send: (pid, signal) => void process.kill(pid, signal),
};

let keeper: Keeper | undefined;
// Commands run one after the other.
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

import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

const words = process.argv.slice(2);

/** `--quick`: everything once and short, to check that it works. Its figures mean little. */
export const quick = words.includes('--quick');

/** The numbers among the arguments, in order. */
export const numbers = words.map(Number).filter((number) => Number.isFinite(number));

/** Ends the bench if it cannot run: exit code 2, and how to fix it. */
export const refuse = (message, hint) => {
  process.stderr.write(`bench: ${message}\n${hint}\n`);
  process.exit(2);
};

/** The machine in one line: what a figure is worth depends on it. */
export const machine = () => {
  const memoryGb = Number(/MemTotal:\s*(\d+)/u.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]) / 2 ** 20;
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `${cpus().length} cores (${model}), ${memoryGb.toFixed(0)} GB, Node ${process.versions.node}`;
};

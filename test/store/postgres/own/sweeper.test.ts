import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { startSweeper } from '../../../../src/store/postgres/own/sweeper.ts';

const sweeperOf = () => {
  const folder = mkdtempSync(join(tmpdir(), 'swept-'));
  writeFileSync(join(folder, 'file'), '');
  const sweeper = startSweeper(folder, process.env['PATH'] ?? '');
  return { folder, sweeper, gone: once(sweeper, 'exit') };
};

test('a folder is deleted when the last process is gone that holds it, however it goes', async () => {
  const { folder, sweeper, gone } = sweeperOf();
  const hold = () => spawn('/bin/sh', ['-c', 'read -r line'], { stdio: ['pipe', 'ignore', 'ignore', sweeper.stdin!] });
  const holders = [hold(), hold()];
  sweeper.stdin!.destroy();
  holders[0]!.kill('SIGKILL');
  await once(holders[0]!, 'exit');
  expect(existsSync(folder)).toBe(true);
  holders[1]!.kill('SIGKILL');
  await gone;
  expect(existsSync(folder)).toBe(false);
});

const status = '/proc/self/status';
test.runIf(existsSync(status))(
  `signals that are meant for the store do not end it (where there is ${status})`,
  async () => {
    const { folder, sweeper, gone } = sweeperOf();
    const ignored = (): string | undefined =>
      /SigIgn:\s+0*(\w+)/u.exec(readFileSync(`/proc/${sweeper.pid}/status`, 'utf8'))?.[1];
    await vi.waitFor(() => expect(Number.parseInt(ignored()!, 16) & 0x4003).toBe(0x4003), { timeout: 10_000 });
    for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) sweeper.kill(signal);
    expect(existsSync(folder)).toBe(true);
    sweeper.stdin!.destroy();
    expect(await gone).toEqual([0, null]);
    expect(existsSync(folder)).toBe(false);
  },
);

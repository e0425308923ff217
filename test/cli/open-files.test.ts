import { expect, test } from 'vitest';
import { built, startProgram } from './contend.ts';

test('a run whose users need more connections than the process may have is refused before anything is sent', async () => {
  const command = 'ulimit -n 512 && exec "$0" "$@"';
  const argv = [process.execPath, built, 'run', 'scenarios/online-store.yaml', '--users', '5000'];
  const { code, stdout, stderr } = await startProgram('sh', ['-c', command, ...argv]).ended;
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('5,000 users need about 5,100 open files, and this process may have 512, in mode ');
  expect(stderr).toContain('ulimit -n 5200, or fewer users (--users).\n');
});

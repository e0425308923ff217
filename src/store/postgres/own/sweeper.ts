import { spawn, type ChildProcess } from 'node:child_process';

/** Reads until every process that has the other end is gone. The signals are for the store. */
const script = `
trap '' HUP INT TERM
while read -r line; do :; done
rm -rf "$1"
`;

/**
 * Starts a process that deletes a folder once nobody has the other end of its input any more. The store, the keeper and the
 * server have it, so the folder goes after the last of them, in whatever way they end.
 *
 * It runs as whoever asks. Where that is root, the keeper is another user, who could not delete the folder from one of root's.
 *
 * @param path where its programs are, as the environment has it
 */
export const startSweeper = (folder: string, path: string): ChildProcess => {
  const options = {
    cwd: '/',
    env: { PATH: path },
    stdio: ['pipe', 'ignore', 'ignore'] as ['pipe', 'ignore', 'ignore'],
  };
  const sweeper = spawn('/bin/sh', ['-c', script, 'contend-sweeper', folder], options);
  sweeper.on('error', () => undefined);
  sweeper.stdin.on('error', () => undefined);
  return sweeper;
};

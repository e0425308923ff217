import { spawn, type ChildProcess } from 'node:child_process';

/** Reads until every process that has the other end is gone. The signals are for the store. */
const script = `
trap '' HUP INT TERM
while read -r line; do :; done
rm -rf "$1"
`;

/**
 * Starts a process that deletes a folder once no process has the other end of its input open. The store, the keeper and the server
 * have it open, so the folder goes after the last of them, however they end.
 *
 * It runs as the current user. If that is root, the keeper runs as another user, which could not delete the folder from one of
 * root's.
 *
 * @param path where its programs are, as in the environment
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

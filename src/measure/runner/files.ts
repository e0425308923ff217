import { dirname } from 'node:path';
import { filesOf } from '../../core/plan/body.ts';
import { ContendError, messageOf } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { requestsOf, type Mode } from '../../core/plan/plan.ts';
import type { Endpoint } from '../../core/slot.ts';

/** A request that sends more is a test of something else, and each thread holds a copy. */
const mostBytes = 64 * 1024 * 1024;

const refusals = {
  'outside': 'it lies outside the folder of the scenario',
  'no file': 'it is no file',
  'too large': 'it is larger than 64 MiB',
};

/**
 * Reads the files that a mode's requests send, before anything is sent.
 *
 * @param scenario path of the scenario: its folder is where the files are
 * @returns as an endpoint has them; empty where there are none
 * @throws {ContendError} ERR_USAGE where one cannot be read, or lies, its links followed, outside that folder
 */
export const readFiles = async (
  { before, login = [], steps, after = [] }: Mode,
  scenario: string,
  { readInside }: Pick<Host, 'readInside'>,
): Promise<Pick<Endpoint, 'files'>> => {
  const requests = [...before, ...login, ...requestsOf(steps), ...after];
  const files: { [path: string]: string } = {};
  for (const { name, body } of requests) {
    for (const path of filesOf(body)) {
      const read = await readInside(dirname(scenario), path, mostBytes).catch(reasonOf);
      if (typeof read === 'string') throw unreadable(name, path, (refusals as { [why: string]: string })[read] ?? read);
      files[path] = Buffer.from(read).toString('base64');
    }
  }
  return Object.keys(files).length === 0 ? {} : { files };
};

const reasonOf = (error: unknown): string =>
  (error as { readonly code?: unknown }).code === 'ENOENT' ? 'no such file' : messageOf(error);

const unreadable = (step: string, path: string, why: string): ContendError =>
  new ContendError(
    'ERR_USAGE',
    `${step}: the file ${path} cannot be sent: ${why}`,
    'Files that requests send lie in the folder of the scenario, or below it.',
  );

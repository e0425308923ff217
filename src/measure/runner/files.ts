import { dirname } from 'node:path';
import { filesOf } from '../../core/plan/body.ts';
import { ContendError, messageOf } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { requestsOf, type Mode } from '../../core/plan/plan.ts';
import type { Endpoint } from '../../core/slot.ts';

/** A request that sends more tests something else, and each thread holds a copy. */
const mostBytes = 64 * 1024 * 1024;

/** The most files that a template may name. */
const mostFiles = 1000;

const refusals = {
  'outside': 'it is outside the folder of the scenario',
  'no file': 'it is not a file',
  'too large': 'it is larger than 64 MiB',
};

/**
 * Reads the files that a mode's requests send, before anything is sent.
 *
 * @param scenario path of the scenario: the files are in its folder
 * @returns in the form that an endpoint has; empty if there are none
 * @throws {ContendError} ERR_USAGE if one cannot be read or, after following links, lies outside that folder
 */
export const readFiles = async (
  { before, login = [], steps, after = [] }: Mode,
  scenario: string,
  host: Pick<Host, 'readInside' | 'listInside'>,
): Promise<Pick<Endpoint, 'files'>> => {
  const requests = [...before, ...login, ...requestsOf(steps), ...after];
  const files: { [path: string]: string } = {};
  for (const { name, body } of requests) {
    for (const named of filesOf(body)) {
      const some = named.includes('${') ? await fitting(named, dirname(scenario), host) : [named];
      if (some.length === 0) throw unreadable(name, named, 'no file matches it');
      let bytes = 0;
      for (const path of some) {
        const read = await host.readInside(dirname(scenario), path, mostBytes).catch(reasonOf);
        if (typeof read === 'string')
          throw unreadable(name, path, (refusals as { [why: string]: string })[read] ?? read);
        bytes += read.length;
        if (bytes > mostBytes) throw unreadable(name, named, 'the files that match it are larger than 64 MiB together');
        files[path] = Buffer.from(read).toString('base64');
      }
    }
  }
  return Object.keys(files).length === 0 ? {} : { files };
};

/** The files that a template may name: those whose paths have the template's own text around the values. */
const fitting = async (
  template: string,
  folder: string,
  { listInside }: Pick<Host, 'listInside'>,
): Promise<readonly string[]> => {
  const pieces = template.split(/\$\{[^}]*\}/);
  const below = pieces[0]!.includes('/') ? pieces[0]!.slice(0, pieces[0]!.lastIndexOf('/')) : '.';
  const pattern = new RegExp(
    `^${pieces.map((piece) => piece.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)).join('.*')}$`,
    's',
  );
  const listed = await listInside(folder, below).catch(() => []);
  return listed.filter((path) => pattern.test(path)).slice(0, mostFiles);
};

const reasonOf = (error: unknown): string =>
  (error as { readonly code?: unknown }).code === 'ENOENT' ? 'no such file' : messageOf(error);

const unreadable = (step: string, path: string, why: string): ContendError =>
  new ContendError(
    'ERR_USAGE',
    `${step}: the file ${path} cannot be sent: ${why}`,
    'Files that requests send must be in the folder of the scenario, or below it.',
  );

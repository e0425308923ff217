import { join } from 'node:path';
import { ContendError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { isSweep } from '../../core/result/read.ts';
import type { Result } from '../../core/result/result.ts';
import type { SweepResult } from '../../core/result/sweep.ts';
import type { File } from '../../core/file.ts';
import { filesOf, loadedReporters, reporters } from '../../report/index.ts';
import { sweepFilesOf, sweepReporters } from '../../report/sweep/index.ts';
import { sweepTerminal } from '../../report/sweep/terminal.ts';
import { terminal } from '../../report/terminal/terminal.ts';
import { styleOf } from '../style.ts';
import { exitCodes } from '../exit-codes.ts';
import { readAnyDocument } from '../read/document.ts';
import { openFolder } from '../write/files.ts';

/** The word after `--format`. */
export type ReportFormat = 'terminal' | FileFormat;

type FileFormat = keyof typeof reporters | keyof typeof loadedReporters;

/** The flags of `report`, as commander gives them. */
export interface ReportFlags {
  readonly format?: ReportFormat;
  readonly out?: string;
  readonly details?: boolean;
  readonly color: boolean;
}

/**
 * `contend report`: renders a result document again, on stdout or into files.
 *
 * @returns 0 whatever the document says: nothing was run
 */
export const report = async (host: Host, file: string, flags: ReportFlags): Promise<number> => {
  const { format = 'terminal', out } = flags;
  const result = await readAnyDocument(host, file);
  if (isSweep(result)) return reportSweep(host, result, flags);
  if (out !== undefined) return writeAll(host, out, result, flags);
  host.stdout.write(
    format === 'terminal' ? terminal(result, styleOf(host, flags)) : onlyTextOf(await rendered(result, format), format),
  );
  return exitCodes.pass;
};

const reportSweep = async (host: Host, result: SweepResult, flags: ReportFlags): Promise<number> => {
  const { format, out } = flags;
  if (out === undefined && (format ?? 'terminal') === 'terminal') {
    host.stdout.write(sweepTerminal(result, styleOf(host, flags)));
    return exitCodes.pass;
  }
  if (format !== undefined && format !== 'terminal' && !isOfSweep(format)) {
    const known = Object.keys(sweepReporters).join(', ');
    throw new ContendError('ERR_USAGE', `A sweep has no ${format}.`, `There are terminal, ${known}.`);
  }
  if (out === undefined) {
    host.stdout.write(sweepReporters[format as keyof typeof sweepReporters](result)[0].text);
    return exitCodes.pass;
  }
  checkFile(format);
  return writeFiles(
    host,
    out,
    format === undefined ? sweepFilesOf(result) : sweepReporters[format as keyof typeof sweepReporters](result),
  );
};

const isOfSweep = (format: string): format is keyof typeof sweepReporters => Object.hasOwn(sweepReporters, format);

const writeAll = async (host: Host, out: string, result: Result, { format }: ReportFlags): Promise<number> => {
  checkFile(format);
  return writeFiles(host, out, format === undefined ? filesOf(result) : await rendered(result, format as FileFormat));
};

const checkFile = (format: ReportFormat | undefined): void => {
  if (format === 'terminal')
    throw new ContendError('ERR_USAGE', '--format terminal writes no file.', 'Give only one of --format and --out.');
};

const writeFiles = async (host: Host, out: string, files: readonly File[]): Promise<number> => {
  const folder = await openFolder(host, out, []);
  await folder.write(files);
  for (const { name } of files) if (folder.isWhole()) host.stderr.write(`${join(out, name)}\n`);
  return folder.isWhole() ? exitCodes.pass : exitCodes.internalError;
};

const rendered = async (result: Result, format: FileFormat): Promise<readonly File[]> =>
  format in loadedReporters
    ? loadedReporters[format as keyof typeof loadedReporters](result)
    : reporters[format as keyof typeof reporters](result);

/** A format with one file per mode does not fit into one stream. */
const onlyTextOf = ([first, ...others]: readonly File[], format: FileFormat): string => {
  if (first === undefined) return '';
  if (others.length === 0) return first.text;
  throw new ContendError(
    'ERR_USAGE',
    `--format ${format} has ${others.length + 1} files, one per mode.`,
    'Name a folder for them with --out.',
  );
};

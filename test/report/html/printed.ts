import { spawnSync } from 'node:child_process';
import type { Page } from 'playwright-core';

/** Whether there is what reads a PDF, and what installs it. */
export const canReadPdf = spawnSync('pdftotext', ['-v']).error === undefined;
export const installingPdfReader = 'apt-get install poppler-utils';

/** Text without blanks: where a printer breaks lines does not matter. */
export const squeezed = (text: string): string =>
  text.normalize('NFKC').replaceAll(/[\s\u00ad\u200b-\u200f\u2066-\u2069]+/gu, '');

/** What a page looks like on A4, sheet by sheet: the text of each, without blanks, in the order in which it was drawn. */
export const sheetsOf = async (page: Page): Promise<readonly string[]> => {
  const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true, printBackground: false });
  const { stdout, status, stderr } = spawnSync('pdftotext', ['-raw', '-enc', 'UTF-8', '-', '-'], {
    input: pdf,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`pdftotext: ${stderr}`);
  return stdout.split('\f').slice(0, -1).map(squeezed);
};

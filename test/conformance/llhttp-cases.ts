import { readdirSync, readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';

const folder = new URL('llhttp/', import.meta.url);

/** An answer of llhttp's own tests, and what llhttp makes of it where it is strict. */
export interface LlhttpCase {
  /** `file.md: title`. */
  readonly title: string;
  readonly bytes: Buffer;
  readonly method: 'GET' | 'HEAD';
  /** Undefined: it refuses it. */
  readonly answer: { readonly status: number; readonly body: string } | undefined;
}

/**
 * The answers in `test/response/*.md` of nodejs/llhttp at 01e105a (MIT, `llhttp/LICENSE`), as they stand there, but for those of
 * its lenient modes. What llhttp is paused at plays no part.
 */
export const llhttpCases = (): readonly LlhttpCase[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.md'))
    .toSorted()
    .flatMap((file) => casesIn(file, readFileSync(new URL(file, folder), 'utf8')));

const casesIn = (file: string, text: string): LlhttpCase[] =>
  text.split(/^(?=#{2,} )/mu).flatMap((section) => {
    const [, title = ''] = /^#+ (.*)$/mu.exec(section) ?? [];
    const [, meta] = /<!-- meta=(\{.*\}) *-->/u.exec(section) ?? [];
    const [, input] = /^```http\n([^]*?)\n?```$/mu.exec(section) ?? [];
    const [, log] = /^```log\n([^]*?)```$/mu.exec(section) ?? [];
    if (meta === undefined || input === undefined || log === undefined) return [];
    const { type, skipBody } = JSON.parse(meta) as { readonly type: string; readonly skipBody?: boolean };
    if (type !== 'response' && type !== 'response-finish') return [];
    const bytes = Buffer.from(unescaped(input), 'utf8');
    return [
      { title: `${file}: ${title}`, bytes, method: skipBody === true ? 'HEAD' : 'GET', answer: answerIn(log, bytes) },
    ];
  });

/** As llhttp's own tests read them. */
const unescaped = (input: string): string =>
  input
    .replace(/\\(\r\n|\r|\n)/g, '')
    .replace(/\r\n|\r|\n/g, '\r\n')
    .replace(/\\r/g, '\r')
    .replace(/\\n/g, '\n')
    .replace(/\\t/g, '\t')
    .replace(/\\f/g, '\f')
    .replace(/\\x([0-9a-fA-F]+)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\([0-7]{1,3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
    .replace(/\$\{(.+?)\}/g, (_, code: string) => String(runInNewContext(code)));

/** The first answer that is no interim one, if llhttp came to its end, or to where only the end of the connection can end it. */
const answerIn = (log: string, bytes: Buffer): LlhttpCase['answer'] => {
  let [status, flags, isComplete] = [0, 0, false];
  const body: Buffer[] = [];
  for (const line of log.split('\n')) {
    const [, said, flagged = ''] = /headers complete status=(\d+) v=\S+ flags=([\da-f]+)/u.exec(line) ?? [];
    if (said !== undefined) [status, flags] = [Number(said), Number.parseInt(flagged, 16)];
    const [, off, length] = /^off=(\d+) len=(\d+) span\[body\]/u.exec(line) ?? [];
    if (off !== undefined && status >= 200) body.push(bytes.subarray(Number(off), Number(off) + Number(length)));
    if (/message (begin|complete)/u.test(line)) isComplete = line.includes('complete');
    if (status >= 200 && isComplete) break;
    if (line.includes('error code=') && !line.includes('Pause')) return undefined;
  }
  // Chunks, or a length, that go on.
  if (!isComplete && (flags & 0x28) !== 0) return undefined;
  return status >= 200 || status === 101 ? { status, body: Buffer.concat(body).toString() } : undefined;
};

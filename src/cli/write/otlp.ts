import { Agent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { messageOf } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { masking } from '../../core/mask.ts';
import { loadOptional } from '../../core/optional-package.ts';
import type { Result } from '../../core/result/result.ts';
import { plain } from '../../report/plain.ts';
import { loadOtlp, otlpPackages } from '../../report/telemetry/otlp.ts';
import type { OtlpSettings } from '../flags/otlp.ts';

/** Pushes the metrics of a result, once. Never rejects: a failure is reported on stderr, and changes nothing else. */
export type Push = (result: Result, signal: AbortSignal) => Promise<void>;

/**
 * Prepares to push, so that a missing package is known before anything is sent.
 *
 * @throws {ContendError} ERR_MISSING_PACKAGE
 */
export const openOtlp = async (host: Host, settings: OtlpSettings): Promise<Push> => {
  const toOtlp = await loadOtlp();
  const [{ OTLPMetricExporter }, { diag, DiagLogLevel }] = await loadOptional(
    async () => Promise.all([import('@opentelemetry/exporter-metrics-otlp-http'), import('@opentelemetry/api')]),
    { user: '--otlp', name: '@opentelemetry/exporter-metrics-otlp-http', install: otlpPackages },
  );
  const { url, headers, timeoutMs, resource } = settings;
  // Shown without the query, which may contain a key.
  const { origin, pathname } = new URL(url);
  const shown = `${origin}${pathname}`;
  const mask = masking([...Object.values(headers), ...Object.values(headers).map(withoutScheme)]);
  const tell = (text: string): void => host.stderr.write(`contend: ${mask(text)}\n`);

  return async (result, signal) => {
    const said: string[] = [];
    // Only this logger learns that a collector took only a part.
    const keep = (message: string, ...more: readonly unknown[]): void => {
      said.push([message, ...more.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))].join(' '));
    };
    const nothing = (): void => undefined;
    diag.setLogger(
      { error: keep, warn: keep, info: nothing, debug: nothing, verbose: nothing },
      { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
    );
    // A slowly trickling answer keeps the exporter waiting forever, and the process with it.
    const agents: Agent[] = [];
    const agentFor = (protocol: string): Agent => {
      const agent = protocol === 'https:' ? new HttpsAgent() : new Agent();
      agents.push(agent);
      return agent;
    };
    const late = timeLimit(timeoutMs);
    const slow = setTimeout(() => tell(`waiting for ${shown}, ${timeoutMs / 1000} s at most`), tellAfterMs);
    const gaveUp = aborted(signal);
    try {
      const exporter = new OTLPMetricExporter({
        url,
        headers: { ...headers },
        timeoutMillis: timeoutMs,
        httpAgentOptions: agentFor,
      });
      const sent = new Promise<void>((resolve, reject) => {
        exporter.export(toOtlp(result, host.wallClockMs(), resource), ({ error }) =>
          error === undefined ? resolve() : reject(error),
        );
      });
      await Promise.race([sent, gaveUp.promise, late.promise]);
      for (const one of said) tell(`the collector at ${shown} says: ${plain(one, longestAnswer)}`);
    } catch (error) {
      tell(`the metrics did not reach ${shown}: ${whyOf(error)}. The exit code does not change.`);
    } finally {
      clearTimeout(slow);
      late.stop();
      gaveUp.stop();
      for (const agent of agents) agent.destroy();
      diag.disable();
    }
  };
};

/** If it takes longer than this, the user is told what contend is waiting for. */
const tellAfterMs = 2000;

const longestAnswer = 300;

/** An `authorization` without its first word: a collector may repeat the token alone. */
const withoutScheme = (value: string): string => value.replace(/^\S+\s+/u, '');

/** What the collector or the network answered: status, reason, and the beginning of the answer. */
const whyOf = (error: unknown): string => {
  const { code, data } = error as { readonly code?: unknown; readonly data?: unknown };
  const status = typeof code === 'number' ? `${code} ` : '';
  const answer = typeof data === 'string' && data !== '' ? `, ${plain(data, longestAnswer)}` : '';
  return `${status}${plain(messageOf(error) || String(code), longestAnswer)}${answer}`;
};

/** Rejects when the user interrupts the push; a run that was interrupted before is still pushed. */
const aborted = (signal: AbortSignal): { readonly promise: Promise<never>; readonly stop: () => void } => {
  let stop = (): void => undefined;
  const promise = new Promise<never>((_, reject) => {
    const then = (): void => reject(new Error('interrupted'));
    signal.addEventListener('abort', then);
    stop = () => signal.removeEventListener('abort', then);
  });
  return { promise, stop };
};

/** Rejects when all attempts together have taken too long: slightly after the exporter's own limit, whose error says more. */
const timeLimit = (timeoutMs: number): { readonly promise: Promise<never>; readonly stop: () => void } => {
  let stop = (): void => undefined;
  const promise = new Promise<never>((_, reject) => {
    const over = (): void => reject(new Error(`no complete answer within ${timeoutMs / 1000} s`));
    const timer = setTimeout(over, timeoutMs + graceMs);
    stop = () => clearTimeout(timer);
  });
  return { promise, stop };
};

const graceMs = 200;

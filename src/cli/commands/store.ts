import { ContendError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { checkStore, openStore, parseStoreTarget, type StoreTarget } from '../../store/open.ts';
import { exitCodes } from '../exit-codes.ts';

/** The flags of `store`. */
export interface StoreFlags {
  readonly port: string;
  readonly service?: string;
  readonly postgres?: boolean;
  readonly pool?: string;
}

/** `contend store`: serves the online store alone, until SIGINT or SIGTERM. */
export const store = async (host: Host, flags: StoreFlags): Promise<number> => {
  const port = Number(flags.port);
  if (!/^\d+$/u.test(flags.port) || port > 65_535) {
    throw new ContendError(
      'ERR_USAGE',
      `--port ${flags.port} is not a port.`,
      'Give a whole number from 0 (any free port) to 65535.',
    );
  }
  const target = targetOf(flags);
  await checkStore(target, host.env);
  const interrupted = new Promise<'SIGINT' | 'SIGTERM'>((resolve) => host.onInterrupt(resolve));
  const open = await openStore({ execPath: host.execPath, port, ...target });
  host.stdout.write(`${open.origin}\n`);
  host.stderr.write(
    `The online store, ${where(target, host.env)}until Ctrl-C. GET /stats says how many requests it has answered.\n`,
  );
  const signal = await interrupted;
  await open[Symbol.asyncDispose]();
  return exitCodes.interrupted[signal];
};

const targetOf = ({ service, postgres, pool }: StoreFlags): StoreTarget => {
  const parameters = new URLSearchParams();
  if (service !== undefined) parameters.set('service', service);
  if (postgres === true) parameters.set('db', 'postgres');
  if (pool !== undefined) parameters.set('pool', pool);
  try {
    return parseStoreTarget(`builtin:store?${parameters.toString()}`);
  } catch (error) {
    if (!(error instanceof ContendError)) throw error;
    const flag = (text: string): string => text.replaceAll(/^target \S+: |builtin:store\?\S*/gu, '').trim();
    throw new ContendError('ERR_USAGE', `contend store: ${flag(error.message)}.`, storeHint, error);
  }
};

const storeHint = 'As in --service 500us, --service 2ms, --postgres, or --postgres --pool 16.';

const where = ({ connections }: StoreTarget, env: Host['env']): string => {
  if (connections === undefined) return '';
  return `on ${env['DATABASE_URL'] === undefined ? 'a PostgreSQL of its own' : 'the PostgreSQL of DATABASE_URL'}, `;
};

import { ContendError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { openStore, parseStoreTarget } from '../../store/open.ts';
import { exitCodes } from '../exit-codes.ts';

/** The flags of `store`. */
export interface StoreFlags {
  readonly port: string;
  readonly service: string;
}

/** `contend store`: serves the online store alone, until SIGINT or SIGTERM. */
export const store = async (host: Host, flags: StoreFlags): Promise<number> => {
  const port = Number(flags.port);
  if (!/^\d+$/u.test(flags.port) || port > 65_535) {
    throw new ContendError(
      'ERR_USAGE',
      `--port ${flags.port} is no port.`,
      'A whole number from 0, which is any free one, to 65535.',
    );
  }
  const options = serviceOf(flags.service);
  const interrupted = new Promise<'SIGINT' | 'SIGTERM'>((resolve) => host.onInterrupt(resolve));
  const open = await openStore({ execPath: host.execPath, port, ...options });
  host.stdout.write(`${open.origin}\n`);
  host.stderr.write('The online store, until Ctrl-C. GET /stats tells how many requests it has answered.\n');
  const signal = await interrupted;
  await open[Symbol.asyncDispose]();
  return exitCodes.interrupted[signal];
};

const serviceOf = (service: string): { readonly serviceUs: number } => {
  try {
    return parseStoreTarget(`builtin:store?service=${encodeURIComponent(service)}`);
  } catch (error) {
    if (!(error instanceof ContendError)) throw error;
    throw new ContendError('ERR_USAGE', `--service ${service} is no time.`, 'As in 0, 500us, 2ms or 1s.', error);
  }
};

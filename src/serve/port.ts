import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** Ports of this machine's loopback interface on which nobody listens; no two are the same. */
export const freePorts = async (count: number): Promise<readonly number[]> => {
  const servers = Array.from({ length: count }, () => createServer());
  try {
    // All of them at once: one that is given back may be given again.
    return await Promise.all(
      servers.map(async (server) => {
        await once(server.listen(0, '127.0.0.1'), 'listening');
        return (server.address() as AddressInfo).port;
      }),
    );
  } finally {
    await Promise.all(servers.map(async (server) => once(server.close(), 'close')));
  }
};

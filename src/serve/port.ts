import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** Free ports on this machine's loopback interface, all different. */
export const freePorts = async (count: number): Promise<readonly number[]> => {
  const servers = Array.from({ length: count }, () => createServer());
  try {
    // All at once: a port that is given back may be handed out again.
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

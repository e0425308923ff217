import { describe, expect, test } from 'vitest';
import { newUser } from '../../src/measure/user.ts';
import { all, openTo, send } from './transport-rig.ts';
import { RawServer } from './raw-server.ts';

const answer = (header: string) => ({ chunks: [`HTTP/1.1 200 OK\r\n${header}Content-Length: 0\r\n\r\n`] });

describe.each(all)('%s', (_name, open) => {
  test.each(['status', 'head', 'body'] as const)(
    'reads what each answer tells of the target, and nothing into the next that tells nothing, where it keeps the %s',
    async (keep) => {
      const answers = [
        answer('Server-Timing: lock;dur=1.5, db;dur=2\r\n'),
        answer('Last-Modified: now\r\n'),
        answer('SERVER-TIMING: db;dur=4\r\n'),
      ];
      const server = await RawServer.open(() => answers.shift()!);
      const transport = openTo(open, server.origin);
      const user = newUser(0, 0);
      expect(await send(transport, { keep }, user)).toMatchObject({
        isTimed: true,
        serverLockUs: 1500,
        serverQueryUs: 2000,
      });
      expect(await send(transport, { keep }, user)).toMatchObject({ status: 200, isTimed: false });
      expect(await send(transport, { keep }, user)).toMatchObject({
        isTimed: true,
        serverLockUs: 0,
        serverQueryUs: 4000,
      });
      await transport.close();
      await server.close();
    },
  );
});

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from './redis.ts';

const pem = fileURLToPath(new URL('conformance/certificates/server.pem', import.meta.url));

const hasProgram = (program: string, flag: string): boolean => spawnSync(program, [flag]).status === 0;

/** A web server of other people's: its name, what the title of a test says where it is missing, and how it is started. */
export interface WebServer {
  readonly name: string;
  readonly isThere: boolean;
  readonly skipped: string;
  /** Command and configuration for a server of HTTP/2 on this port, which gives up a connection after 50 requests where it can; `/up` goes to another server on that port, which gets none of `/small` beyond 1 KiB. */
  readonly commandIn: (
    folder: string,
    port: number,
    upstream: number,
  ) => readonly [program: string, ...flags: string[]];
}

const write = (folder: string, text: string): string => {
  const path = join(folder, 'configuration');
  writeFileSync(path, text);
  return path;
};

/** From 1.25.1 on HTTP/2 is switched on beside the address. */
const nginxListen = (port: number): string => {
  const [, minor = 0, patch = 0] = /nginx\/1\.(\d+)\.(\d+)/.exec(spawnSync('nginx', ['-v']).stderr.toString()) ?? [];
  const isNew = Number(minor) > 25 || (Number(minor) === 25 && Number(patch) >= 1);
  return isNew ? `listen 127.0.0.1:${port} ssl; http2 on;` : `listen 127.0.0.1:${port} ssl http2;`;
};

/** nginx and Caddy, as Debian has them. */
export const webServers: readonly WebServer[] = [
  {
    name: 'nginx',
    isThere: hasProgram('nginx', '-v'),
    skipped: ' (skipped: apt-get install nginx)',
    commandIn: (folder, port, upstream) => [
      'nginx',
      '-e',
      `${folder}/error.log`,
      '-c',
      write(
        folder,
        `daemon off; pid "${folder}/pid"; error_log "${folder}/error.log"; worker_processes 1; events {}
http {
  log_format uri "$request_uri"; access_log "${folder}/access.log" uri; keepalive_requests 50; http2_max_concurrent_streams 8;
  client_body_temp_path "${folder}/a"; proxy_temp_path "${folder}/b"; fastcgi_temp_path "${folder}/c";
  uwsgi_temp_path "${folder}/d"; scgi_temp_path "${folder}/e";
  server { ${nginxListen(port)} ssl_certificate "${pem}"; ssl_certificate_key "${pem}";
    location /up { client_max_body_size 0; proxy_request_buffering off; proxy_http_version 1.1; proxy_pass http://127.0.0.1:${upstream}; }
    location /small { client_max_body_size 1k; proxy_pass http://127.0.0.1:${upstream}; }
    location / { return 200 "$server_protocol $request_uri"; } }
}`,
      ),
    ],
  },
  {
    name: 'Caddy',
    isThere: hasProgram('caddy', 'version'),
    skipped: ' (skipped: apt-get install caddy)',
    commandIn: (folder, port, upstream) => [
      'caddy',
      'run',
      '--adapter',
      'caddyfile',
      '--config',
      write(
        folder,
        `{
  admin off
  auto_https off
  storage file_system "${folder}"
}
https://shop.test:${port} {
  bind 127.0.0.1
  tls "${pem}" "${pem}"
  handle /up {
    reverse_proxy 127.0.0.1:${upstream}
  }
  handle {
    respond "{http.request.proto} {uri}"
  }
}
`,
      ),
    ],
  },
];

const accepts = async (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

/** Starts one: on loopback, in a temporary folder, gone with the test. */
export const startWebServer = async (
  { name, commandIn }: WebServer,
  upstream = 9,
): Promise<AsyncDisposable & { readonly port: number; readonly folder: string }> => {
  const folder = mkdtempSync(join(tmpdir(), 'contend-web-'));
  const port = await freePort();
  const [program, ...flags] = commandIn(folder, port, upstream);
  const child: ChildProcess = spawn(program, flags, { stdio: 'ignore', env: { ...process.env, HOME: folder } });
  const end = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; !(await accepts(port)); tries++) {
    if (tries < 400 && child.exitCode === null) await sleep(25);
    else {
      await end();
      throw new Error(`${name} does not answer`);
    }
  }
  return { port, folder, [Symbol.asyncDispose]: end };
};

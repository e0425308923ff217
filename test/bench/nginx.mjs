// The target of the comparisons: a real nginx with one worker on its own core, running as long as the bench.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { refuse } from './options.mjs';
import { cpuOf } from './processes.mjs';
import { findProgram } from './programs.mjs';

/** It ends after an hour, whatever happens to the bench. */
const lifetimeSeconds = 3600;
const workerConnections = 20_000;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

const pem = fileURLToPath(new URL('../conformance/certificates/server.pem', import.meta.url));

const configuration = (folder, port, securePort, http2Port) => `
daemon off;
${process.getuid() === 0 ? 'user root;' : ''}
pid "${folder}/pid";
error_log "${folder}/error.log";
worker_processes 1;
events { worker_connections ${workerConnections}; }
http {
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 3600s;
  sendfile on;
  tcp_nopush on;
  open_file_cache max=16;
  default_type application/json;
  client_body_temp_path "${folder}/client";
  proxy_temp_path "${folder}/proxy";
  fastcgi_temp_path "${folder}/fastcgi";
  uwsgi_temp_path "${folder}/uwsgi";
  scgi_temp_path "${folder}/scgi";
  ssl_certificate "${pem}";
  ssl_certificate_key "${pem}";
  server {
    listen 127.0.0.1:${port} backlog=${workerConnections};
    listen 127.0.0.1:${securePort} ssl;
    listen 127.0.0.1:${http2Port} ssl http2;
    root "${folder}/files";
    location = / { return 200 '{"id":1,"name":"desk","stock":1000}'; }
    location = /write { return 204; }
    location = /body/0 { return 200; }
    location /body/ { }
    location = /status { stub_status; }
  }
}
`;

/** Sizes of the answers at /body/<size>, in bytes. */
export const bodySizes = [0, 1024, 65_536, 1_048_576];

const freePort = async () => {
  const server = createServer();
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
};

const textOf = async (url) =>
  new Promise((settle, fail) => {
    get(url, { agent }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => (text += chunk)).on('end', () => settle(text));
    }).on('error', fail);
  });

const program = findProgram('nginx');

/**
 * Starts nginx on a free port, with its only worker and this process pinned to the core. `/` answers 35 bytes of JSON.
 *
 * Without nginx or taskset the bench ends with exit code 2.
 */
export const startNginx = async (core) => {
  if (program === undefined) {
    refuse('nginx is not installed, and without a target there is no comparison.', 'apt install nginx-light');
  }
  if (spawnSync('taskset', ['--version']).error !== undefined) {
    refuse('taskset is not installed, and without a core each the figures mean nothing.', 'apt install util-linux');
  }
  // The bench samples what it runs, and must not do so on the generator's core.
  spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', String(core), String(process.pid)]);
  const folder = mkdtempSync(join(tmpdir(), 'contend-bench-'));
  mkdirSync(join(folder, 'files/body'), { recursive: true });
  for (const size of bodySizes) writeFileSync(join(folder, `files/body/${size}`), 'x'.repeat(size));
  const [port, securePort, http2Port] = [await freePort(), await freePort(), await freePort()];
  writeFileSync(join(folder, 'nginx.conf'), configuration(folder, port, securePort, http2Port));
  const limits = ['timeout', String(lifetimeSeconds), program, '-c', join(folder, 'nginx.conf')];
  const server = spawn('taskset', ['--cpu-list', String(core), ...limits], { stdio: ['ignore', 'ignore', 'inherit'] });
  const end = () => {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', end);
  const origin = `http://127.0.0.1:${port}`;
  let asked = 0;
  const requests = async () => {
    const status = await textOf(`${origin}/status`);
    asked++;
    return Number(/\d+ \d+ (\d+)/u.exec(status)[1]) - asked;
  };
  for (let attempt = 0; ; attempt++) {
    try {
      await requests();
      break;
    } catch (error) {
      if (attempt === 100 || server.exitCode !== null) throw error;
      await pause(50);
    }
  }
  return {
    /** For example nginx/1.22.1. */
    version: /nginx\/\S+/u.exec(spawnSync(program, ['-v'], { encoding: 'utf8' }).stderr)?.[0] ?? 'nginx',
    origin,
    /** The same over TLS, with HTTP/1.1 and HTTP/2. */
    secureOrigin: `https://127.0.0.1:${securePort}`,
    http2Origin: `https://127.0.0.1:${http2Port}`,
    folder,
    /** How many requests it has answered, excluding the bench's own. */
    requests,
    cpu: () => cpuOf(server.pid),
    end: () => {
      process.off('exit', end);
      end();
    },
  };
};

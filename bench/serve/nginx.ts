/** The other peer: nginx with `proxy_cache` before the same upstream, one worker, no log. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { isInstalled, start } from '#bench/child.ts';
import type { Child } from '#bench/child.ts';

const PROGRAMS = ['nginx', '/usr/sbin/nginx'];

/** The program, or null where nginx is not installed. */
export function nginxProgram(): string | null {
  return PROGRAMS.find((program) => isInstalled(program)) ?? null;
}

export interface NginxOptions {
  readonly program: string;
  readonly folder: string;
  /** Where `/health_status` is fetched from. */
  readonly upstream: string;
  readonly core: number;
}

/** The cache is keyed by path and API key; keys are compared as text, not hashed. */
export async function startNginx(options: NginxOptions): Promise<{ child: Child; url: string }> {
  const { program, folder, upstream, core } = options;
  const port = await freePort();
  mkdirSync(join(folder, 'logs'), { recursive: true });
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, configuration({ folder, upstream, port }));
  const child = start([program, '-p', folder, '-c', file, '-e', join(folder, 'error.log')], {
    core,
  });
  return { child, url: `http://127.0.0.1:${port}/health_status` };
}

function configuration(at: { folder: string; upstream: string; port: number }): string {
  const { folder, upstream, port } = at;
  // Started by root, workers would become nobody, who may not write to our folder.
  const user = process.getuid?.() === 0 ? 'user root;\n' : '';
  return `${user}daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
worker_rlimit_nofile 20000;
events { worker_connections 10240; }
http {
  access_log off;
  keepalive_requests 100000000;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  proxy_cache_path ${folder}/cache keys_zone=health:1m inactive=1h;
  server {
    listen 127.0.0.1:${port};
    location = /health_status {
      proxy_pass ${upstream};
      proxy_cache health;
      proxy_cache_key $uri$http_d360_api_key;
      proxy_cache_valid 200 1h;
    }
  }
}
`;
}

/** nginx cannot choose a port itself: one that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

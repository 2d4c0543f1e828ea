import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { freePort } from './servers.js';

const ends: (() => Promise<void> | void)[] = [];
afterAll(async () => {
  await Promise.all(ends.map((end) => end()));
});

/** A server of the test's own on a free port of loopback, stopped when the file ends. */
export async function httpServer(answer: Parameters<typeof createServer>[1]): Promise<{ url: string; port: number; server: Server }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, server };
}

export interface PrometheusOptions {
  /** host:port by job. */
  readonly targets?: Readonly<Record<string, readonly string[]>>;
  /** Text of a rules file. */
  readonly rules?: string;
  readonly alertmanagers?: readonly string[];
  readonly retention?: string;
  /** Text of a web configuration file. */
  readonly web?: string;
}

/** Prometheus with rules and targets of the test, ready when it answers; its own metrics are scraped every second. */
export async function prometheusServer(options: PrometheusOptions = {}): Promise<{ url: string; port: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'readiness-prometheus-'));
  const port = await freePort();
  const quoted = (list: readonly string[]) => JSON.stringify(list);
  const jobs = Object.entries(options.targets ?? {}).map(
    ([job, targets]) => `  - { job_name: ${job}, static_configs: [{ targets: ${quoted(targets)} }] }`,
  );
  writeFileSync(
    join(folder, 'prometheus.yml'),
    [
      'global: { scrape_interval: 1s, evaluation_interval: 1s }',
      ...(options.rules ? ['rule_files: [rules.yml]'] : []),
      ...(options.alertmanagers
        ? [`alerting: { alertmanagers: [{ static_configs: [{ targets: ${quoted(options.alertmanagers)} }] }] }`]
        : []),
      `scrape_configs:${jobs.length === 0 ? ' []' : ''}`,
      ...jobs,
    ].join('\n'),
  );
  if (options.rules) writeFileSync(join(folder, 'rules.yml'), options.rules);
  if (options.web) writeFileSync(join(folder, 'web.yml'), options.web);
  chmodSync(folder, 0o755);
  const said: string[] = [];
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--storage.tsdb.retention.time=${options.retention ?? '15d'}`,
      `--web.listen-address=127.0.0.1:${port}`,
      ...(options.web ? [`--web.config.file=${join(folder, 'web.yml')}`] : []),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  ends.push(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    }
    rmSync(folder, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${port}`;
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`prometheus ended: ${said.join('').slice(-2_000)}`);
    const { status } = await fetch(`${url}/-/ready`).catch(() => ({ status: 0 }));
    return status === 200 || status === 401;
  });
  return { url, port };
}

/** Asks again every 50 ms until it holds; 30 s without it are an error. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end; await new Promise((next) => setTimeout(next, 50))) if (await holds()) return;
  throw new Error('it did not come true within 30 s');
}

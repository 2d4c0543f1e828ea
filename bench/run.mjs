#!/usr/bin/env node
// Measures whole processes: an audit, and the same audit again, against ripgrep with 60 patterns and an empty Node process. See README.md.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '5' },
    cli: { type: 'string', default: join(here, '..', 'dist', 'cli.js') },
    json: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) stop('--runs takes a whole number of at least 1');
if (!existsSync(values.cli)) stop(`${values.cli} is not there: build it first (npm run build), or name it with --cli`);
if (!existsSync('/usr/bin/time')) stop('/usr/bin/time is needed (package time)');
if (positionals.length > 0 && spawnSync('rg', ['--version']).error) stop('rg is needed (package ripgrep)');

var scratch = mkdtempSync(join(tmpdir(), 'readiness-bench-'));
const usage = join(scratch, 'usage');
const cache = { READINESS_CACHE_DIR: join(scratch, 'cache') };

/** One run of a command: wall and CPU in seconds, peak memory in MB, exit code. */
function measure(command, cwd, env) {
  const started = process.hrtime.bigint();
  const result = spawnSync('/usr/bin/time', ['-o', usage, '-f', '%U %S %M', ...command], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const wall = Number(process.hrtime.bigint() - started) / 1e9;
  const [user, system, kilobytes] = readFileSync(usage, 'utf8').trim().split('\n').at(-1).split(' ').map(Number);
  return { wall, cpu: user + system, memory: kilobytes / 1024, status: result.status, stderr: String(result.stderr) };
}

const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** Two commands in turns, after one run of each that fills the caches and is not counted. */
function compare(name, ours, theirs, cwd, expected) {
  const samples = [[], []];
  for (let run = 0; run <= runs; run++)
    [ours, theirs].forEach((command, which) => {
      const sample = measure(command, cwd, cache);
      if (!expected[which].includes(sample.status)) stop(`${command.join(' ')} ended with ${sample.status}\n${sample.stderr}`);
      if (run > 0) samples[which].push(sample);
    });
  const [a, b] = samples.map((list) =>
    Object.fromEntries(['wall', 'cpu', 'memory'].map((key) => [key, median(list.map((one) => one[key]))])),
  );
  return { name, ours: a, theirs: b, ratio: { wall: a.wall / b.wall, cpu: a.cpu / b.cpu } };
}

const node = process.execPath;
const empty = [node, '-e', '0'];
// a gate that fails is a good run; rg ends with 1 when it finds nothing and with 2 when a file could not be read
const audited = [0, 1];
const searched = [0, 1, 2];
const auditOf = (target, ...more) => [node, values.cli, 'audit', target, '--format', 'json', '--output', '/dev/null', ...more];
const searchOf = (target) => [
  'rg',
  '--no-unicode',
  '-U',
  '--hidden',
  '--no-ignore',
  '-g',
  '!.git',
  '-f',
  join(here, 'patterns.txt'),
  target,
];
const results = [
  compare('--version : node -e 0', [node, values.cli, '--version'], empty, scratch, [[0], [0]]),
  ...positionals.flatMap((folder) => {
    const target = resolve(folder);
    return [
      compare(`audit : rg 60 patterns, ${folder}`, auditOf(target, '--no-cache'), searchOf(target), scratch, [audited, searched]),
      compare(`audit again, same commit : rg 60 patterns, ${folder}`, auditOf(target), searchOf(target), scratch, [audited, searched]),
      compare(`audit : node -e 0, ${folder}`, auditOf(target, '--no-cache'), empty, scratch, [audited, [0]]),
      compare(`audit again, same commit : node -e 0, ${folder}`, auditOf(target), empty, scratch, [audited, [0]]),
    ];
  }),
];
rmSync(scratch, { recursive: true });

if (values.json) console.log(JSON.stringify({ node: process.version, runs, results }, null, 2));
else
  for (const { name, ours, theirs, ratio } of results) {
    const figures = ({ wall, cpu, memory }) => `${wall.toFixed(3)} s wall  ${cpu.toFixed(3)} s CPU  ${memory.toFixed(0)} MB`;
    console.log(
      `${name}\n  ours    ${figures(ours)}\n  theirs  ${figures(theirs)}\n  ratio   ${ratio.wall.toFixed(2)} wall    ${ratio.cpu.toFixed(2)} CPU`,
    );
  }

function stop(message) {
  console.error(message);
  if (typeof scratch === 'string') rmSync(scratch, { recursive: true, force: true });
  process.exit(2);
}

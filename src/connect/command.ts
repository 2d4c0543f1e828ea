import { spawn } from 'node:child_process';
import { z } from 'zod';
import { ConnectFailure, type ConnectContext, type Connector } from '../model/environment.js';
import { maskSecrets } from '../safe/redact.js';

/** Milliseconds and characters of output of one command. */
const deadlineMs = 30_000;
const outputChars = 64_000;

export const commandFacts = z.object({
  name: z.string().default('').describe('Under `commands` of the environment'),
  exitCode: z.number().nullable().default(0).describe('null where a signal ended it'),
  signal: z.string().nullable().default(null).describe('Name of the signal that ended it, else null'),
  stdout: z.string().default('').describe('Up to 64,000 characters, secrets masked'),
  stderr: z.string().default('').describe('Up to 64,000 characters, secrets masked'),
  lines: z.array(z.string()).default([]).describe('Lines of stdout, then of stderr, that are not blank'),
  json: z.unknown().default(null).describe('stdout as JSON, null where it is none'),
  cut: z.boolean().default(false).describe('Whether output was left out'),
  ms: z.number().default(0).describe('Milliseconds that it ran'),
});
export type CommandFacts = z.infer<typeof commandFacts>;

/** Commands of the operator's own checklist, by name, only with --allow-commands; without a shell, input, or end beyond the deadline. */
export const command: Connector = {
  connection: 'command',
  facts: commandFacts,
  check: null,
  deadlineMs: () => deadlineMs,
  endpoints: ({ commands }) => Object.keys(commands ?? {}).map((name) => `command ${name}`),
  async open(context: ConnectContext) {
    const commands = context.environment.commands;
    if (commands === undefined) throw new ConnectFailure('not-named', 'no `commands` are named in an environment of your checklist');
    if (!context.permissions.commands) throw new ConnectFailure('not-allowed', 'commands run only with --allow-commands');
    return {
      async measure(ask, signal) {
        const name = typeof ask['name'] === 'string' ? ask['name'] : '';
        const where = `command ${name}`;
        const line = Object.hasOwn(commands, name) ? commands[name] : undefined;
        if (line === undefined)
          throw new ConnectFailure(
            'not-named',
            `there is no command ${JSON.stringify(name)}; there are ${Object.keys(commands).join(', ') || 'none'}`,
            where,
          );
        return { where, facts: await run(name, splitCommand(line), signal) };
      },
      close: async () => {},
    };
  },
};

/**
 * Arguments of a command line: blanks separate them, single and double quotes hold them together, a backslash keeps the next character
 * (not within single quotes). There is no shell, so what only a shell understands (pipes, $NAME, *, ;) is refused rather than passed on.
 */
export function splitCommand(line: string | readonly string[]): string[] {
  if (typeof line !== 'string') return [...line];
  const parts: string[] = [];
  let current: string | null = null;
  let quote = '';
  for (let i = 0; i < line.length; i++) {
    const c = line[i] as string;
    if (quote !== "'" && c === '\\' && i + 1 < line.length) current = (current ?? '') + (line[++i] as string);
    else if (quote !== '') {
      if (c === quote) quote = '';
      else current = (current ?? '') + c;
    } else if (c === '"' || c === "'") {
      quote = c;
      current ??= '';
    } else if (/\s/.test(c)) {
      if (current !== null) parts.push(current);
      current = null;
    } else if (/[|&;<>()$`*?]/.test(c))
      throw new ConnectFailure('not-understood', `commands run without a shell, so ${c} has no meaning there: quote it, or name a script`);
    else current = (current ?? '') + c;
  }
  if (quote !== '') throw new ConnectFailure('not-understood', `a quote ${quote} is not closed in the command`);
  if (current !== null) parts.push(current);
  return parts;
}

function run(name: string, [program, ...args]: readonly string[], signal: AbortSignal): Promise<CommandFacts> {
  if (program === undefined) throw new ConnectFailure('not-understood', 'the command is empty');
  const started = performance.now();
  return new Promise((resolve, reject) => {
    // A group of its own, so that what the command starts ends with it.
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], shell: false, detached: true, windowsHide: true });
    const out = collector();
    const err = collector();
    child.stdout.on('data', out.add);
    child.stderr.on('data', err.add);
    const end = () => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended already.
      }
    };
    const stop = () => {
      end();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    child.on('error', (error: NodeJS.ErrnoException) => {
      signal.removeEventListener('abort', stop);
      const missing = error.code === 'ENOENT';
      const reason = missing ? 'not-found' : error.code === 'EACCES' ? 'no-permission' : 'not-understood';
      reject(new ConnectFailure(reason, `${program} ${missing ? 'is not there' : `cannot be started (${error.code ?? 'unknown error'})`}`));
    });
    child.on('close', (exitCode, ended) => {
      signal.removeEventListener('abort', stop);
      // What it left running in the background ends too.
      end();
      const text = out.text();
      resolve({
        name,
        exitCode,
        signal: ended,
        stdout: maskSecrets(text),
        stderr: maskSecrets(err.text()),
        lines: maskSecrets(`${text}\n${err.text()}`)
          .split('\n')
          .filter((line) => line.trim() !== '')
          .slice(0, 5_000),
        json: jsonOf(text),
        cut: out.cut() || err.cut(),
        ms: Math.round(performance.now() - started),
      });
    });
  });
}

function collector() {
  const chunks: Buffer[] = [];
  let length = 0;
  let cut = false;
  return {
    add(chunk: Buffer) {
      if (length < outputChars) chunks.push(chunk.subarray(0, outputChars - length));
      cut ||= length + chunk.length > outputChars;
      length += chunk.length;
    },
    text: () => Buffer.concat(chunks).toString('utf8'),
    cut: () => cut,
  };
}

/** Strings within are masked one by one, under their key, so that the form stays. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text, (key, value: unknown) => {
      if (typeof value !== 'string') return value;
      const line = `${JSON.stringify(key)}: ${JSON.stringify(value)}`;
      return maskSecrets(line) === line ? maskSecrets(value) : '****';
    });
  } catch {
    return null;
  }
}

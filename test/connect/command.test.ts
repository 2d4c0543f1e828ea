import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { command, splitCommand, type CommandFacts } from '../../src/connect/command.js';
import { openEnvironment } from '../../src/connect/index.js';
import { environmentSchema, type EnvironmentSource } from '../../src/model/environment.js';
import { temporaryFolder } from '../support/cli.js';
import { until } from '../support/prometheus.js';

type Commands = NonNullable<EnvironmentSource['commands']>;

async function ask(commands: Commands, name: string, allowed = true) {
  const environment = openEnvironment({
    name: 'test',
    source: { commands },
    permissions: { load: false, commands: allowed },
    now: new Date(),
  });
  try {
    const answer = await environment.measure({ connection: 'command', ask: { name } });
    if (answer.status === 'measured') expect(command.facts.parse(answer.facts)).toEqual(answer.facts);
    return answer;
  } finally {
    await environment.close();
  }
}
const facts = async (line: Commands[string]) => (await ask({ it: line }, 'it')) as unknown as { where: string; facts: CommandFacts };
/** A command that runs this program, with no shell in between. */
const script = (code: string): string[] => [process.execPath, '-e', code];

describe('a command', () => {
  it('tells how it ended and what it printed', async () => {
    expect(await facts('uname -s')).toMatchObject({
      where: 'command it',
      facts: { name: 'it', exitCode: 0, stdout: 'Linux\n', lines: ['Linux'], json: null },
    });
    expect(await facts(script('console.error("no"); process.exit(3)'))).toMatchObject({
      facts: { exitCode: 3, stderr: 'no\n', signal: null },
    });
    expect(await facts(script('process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 9)'))).toMatchObject({
      facts: { exitCode: null, signal: 'SIGTERM' },
    });
    expect(await facts(script('console.log(JSON.stringify({ replicas: 2 }))'))).toMatchObject({ facts: { json: { replicas: 2 } } });
  });

  it('is run only with permission, and only by its name', async () => {
    const folder = temporaryFolder();
    const touch = { it: ['touch', join(folder, 'done')] };
    expect(await ask(touch, 'it', false)).toMatchObject({
      status: 'unknown',
      reason: 'not-allowed',
      message: expect.stringContaining('--allow-commands') as string,
    });
    expect(await ask(touch, 'other')).toMatchObject({
      status: 'unknown',
      reason: 'not-named',
      message: expect.stringContaining('"other"') as string,
    });
    expect(await ask(touch, 'constructor')).toMatchObject({ status: 'unknown', reason: 'not-named' });
    expect(existsSync(join(folder, 'done'))).toBe(false);
    expect(await ask(touch, 'it')).toMatchObject({ status: 'measured' });
    expect(existsSync(join(folder, 'done'))).toBe(true);
  });

  it('that is not there is unknown', async () => {
    expect(await facts('readiness-no-such-program')).toMatchObject({ status: 'unknown', reason: 'not-found' });
  });

  it('ends when its time is over, with all that it started', async () => {
    const pids = join(temporaryFolder(), 'pids');
    const code = `const { spawn } = require('child_process'); const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 9)']); require('fs').writeFileSync(${JSON.stringify(pids)}, process.pid + ' ' + child.pid); setInterval(() => {}, 9)`;
    const permissions = { load: false, commands: true };
    const environment = openEnvironment({ name: 'test', source: { commands: { it: script(code) } }, permissions, now: new Date() });
    const answer = environment.measure({ connection: 'command', ask: { name: 'it' } });
    await until(async () => existsSync(pids) && readFileSync(pids, 'utf8').includes(' '));
    // What ends an audit ends the command as its deadline would.
    await environment.close();
    expect(await answer).toMatchObject({ status: 'unknown', reason: 'timed-out' });
    for (const pid of readFileSync(pids, 'utf8').split(' ')) {
      // A process that has ended may be a zombie until its parent looks.
      const gone = async () => !existsSync(`/proc/${pid}/stat`) || / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
      await until(gone);
    }
  });

  it('shows no secret, and at most 64,000 characters', async () => {
    const secret = ['zX9', 'kQ2', 'mR7', 'tW4', 'pB6'].join('');
    const printed = `console.log(JSON.stringify({ password: ${JSON.stringify(secret)}, user: 'a' })); console.error('API_TOKEN=${secret}')`;
    const answer = await facts(script(printed));
    expect(answer).toMatchObject({ facts: { json: { password: '****', user: 'a' } } });
    expect(JSON.stringify(answer)).not.toContain(secret);
    const long = await facts(script('process.stdout.write("x".repeat(1e6))'));
    expect(long.facts.stdout).toHaveLength(64_000);
    expect(long.facts.cut).toBe(true);
  });
});

describe('a command line', () => {
  it.each([
    ['kubectl get pods -o json', ['kubectl', 'get', 'pods', '-o', 'json']],
    [`a "b c" 'd e' f\\ g ""`, ['a', 'b c', 'd e', 'f g', '']],
    [`jq '.items[] | $x' "a\\"b"`, ['jq', '.items[] | $x', 'a"b']],
    ['  spaces   between  ', ['spaces', 'between']],
  ])('%s', (line, parts) => {
    expect(splitCommand(line)).toEqual(parts);
  });

  it.each(['a | b', 'a; b', 'a && b', 'a > b', 'a $HOME', 'a `b`', 'ls *'])('%s would need a shell', (line) => {
    expect(() => splitCommand(line)).toThrow('without a shell');
  });

  it('with an open quote is none', () => {
    expect(() => splitCommand(`a "b`)).toThrow('not closed');
  });

  it('may be a list in the checklist', () => {
    expect(environmentSchema.parse({ commands: { a: 'x y', b: ['x', 'y z'] } }).commands).toEqual({ a: 'x y', b: ['x', 'y z'] });
    expect(environmentSchema.safeParse({ commands: { a: [] } }).success).toBe(false);
  });
});

import { Option, type Command } from 'commander';
import type { Check, Phase, ProbeNode } from '../model/check.js';
import type { Checklist } from '../model/checklist.js';
import type { Connection, Connector, Environment, EnvironmentSource } from '../model/environment.js';
import { UsageError } from '../model/error.js';
import type { CommandContext } from './run.js';

/** What the command line says of a running system; commander names them after the options. */
export interface EnvironmentFlags {
  env?: string | string[];
  url?: string;
  envFile?: string;
  postgres?: string;
  mysql?: string;
  redis?: string;
  prometheus?: string;
  backup?: string[];
  tls?: string[];
  host?: string;
  allowLoad?: boolean;
  allowCommands?: boolean;
}

const several = (value: string, all: string[] | undefined): string[] => [...(all ?? []), value];

/** The options that name an environment, one endpoint each. */
export function addEndpointOptions(command: Command): Command {
  return command
    .option('--url <url>', 'a running system: the base address of the application')
    .option('--env-file <file>', 'the NAME=value file that it starts with; values never leave the process')
    .option('--postgres <url>', 'its PostgreSQL, as a role that may only read')
    .option('--mysql <url>', 'its MySQL or MariaDB')
    .option('--redis <url>', 'its Redis')
    .option('--prometheus <url>', 'its Prometheus')
    .option('--backup <path>', 'where its backups arrive: a folder, file or glob; may be repeated', several)
    .option('--tls <host:port>', 'another TLS endpoint; may be repeated', several)
    .addOption(new Option('--host <where>', 'judge this machine too').choices(['local']))
    .option('--allow-load', 'permit short load tests and bursts of requests')
    .option('--allow-commands', 'permit the commands that the environment lists');
}

/** `--env`, the endpoints, and `--phase`, for `audit`. */
export function addEnvironmentOptions(command: Command): Command {
  return addEndpointOptions(command.option('--env <name>', 'a running system, as `environments` of your checklist names it')).option(
    '--phase <names>',
    `only checks of these phases: ${phases.join(', ')}`,
    phasesOf,
  );
}

const phases: readonly Phase[] = ['pre-deployment', 'validation', 'post-deployment'];

function phasesOf(value: string, earlier: readonly Phase[] | undefined): Phase[] {
  const names = value.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !(phases as readonly string[]).includes(name));
  if (wrong !== undefined) throw new UsageError(`there is no phase \`${wrong}\``, '--phase', `allowed: ${phases.join(', ')}`);
  return [...(earlier ?? []), ...(names as Phase[])];
}

const fields = {
  url: 'url',
  envFile: 'envFile',
  postgres: 'postgres',
  mysql: 'mysql',
  redis: 'redis',
  prometheus: 'prometheus',
  backup: 'backups',
  tls: 'tls',
  host: 'host',
} as const;

/** The environment that the options name, opened; undefined where they name none. Throws UsageError for what cannot be an endpoint. */
export async function openNamed(flags: EnvironmentFlags, checklist: Checklist, now: Date): Promise<Environment | undefined> {
  const name = [flags.env ?? []].flat()[0];
  const given = endpointsOf(flags);
  if (name === undefined && Object.keys(given).length === 0) {
    if (flags.allowLoad || flags.allowCommands)
      throw new UsageError(
        'there is nothing to permit it for',
        flags.allowLoad ? '--allow-load' : '--allow-commands',
        'name a running system: --url https://app.example.org, or --env NAME',
      );
    return undefined;
  }
  return open(name ?? 'command line', { ...(name === undefined ? {} : namedIn(checklist, name)), ...given }, flags, now);
}

function endpointsOf(flags: EnvironmentFlags): EnvironmentSource {
  const pairs = Object.entries(fields).flatMap(([flag, field]) => {
    const value = flags[flag as keyof typeof fields];
    return value === undefined ? [] : [[field, value]];
  });
  return Object.fromEntries(pairs) as EnvironmentSource;
}

function namedIn(checklist: Checklist, name: string): EnvironmentSource {
  const known = checklist.environments ?? {};
  const found = Object.hasOwn(known, name) ? known[name] : undefined;
  if (found) return found;
  const names = Object.keys(known);
  const hint =
    names.length > 0
      ? `there are: ${names.join(', ')}`
      : (checklist.notes?.[0] ?? 'give a checklist with `environments:` by --checklist FILE, or name endpoints: --url, --postgres ...');
  throw new UsageError(`no environment is called \`${name}\``, '--env', hint);
}

async function open(name: string, written: EnvironmentSource, flags: EnvironmentFlags, now: Date): Promise<Environment> {
  const source = filledIn(written, name);
  const { openEnvironment } = await import('../connect/index.js');
  await namedConnectors(source);
  return openEnvironment({ name, source, permissions: { load: flags.allowLoad === true, commands: flags.allowCommands === true }, now });
}

/** The connectors of what the environment names, with its endpoints; throws UsageError for one that cannot be. */
async function namedConnectors(source: EnvironmentSource): Promise<{ connector: Connector; endpoints: readonly string[] }[]> {
  const { connectors, isNamed } = await import('../connect/index.js');
  const kinds = (Object.keys(connectors) as Connection[]).filter((kind) => isNamed(source, kind));
  const loaded = await Promise.all(kinds.map((kind) => connectors[kind]?.()));
  return loaded.flatMap((connector) => (connector ? [{ connector, endpoints: connector.endpoints(source) }] : []));
}

const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** Every `${VAR}` filled in from the process; UsageError names one that is not set, never a value. */
export function filledIn(source: EnvironmentSource, name: string, env: NodeJS.ProcessEnv = process.env): EnvironmentSource {
  const fill = (value: unknown, field: string): unknown => {
    if (typeof value === 'string')
      return value.replace(variable, (_, key: string) => {
        const found = env[key];
        if (found === undefined || found === '')
          throw new UsageError(`the variable ${key} is not set`, `${field} of environment ${name}`, `set it: export ${key}=...`);
        return found;
      });
    if (Array.isArray(value)) return value.map((member) => fill(member, field));
    if (value && typeof value === 'object')
      return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fill(member, `${field}.${key}`)]));
    return value;
  };
  return Object.fromEntries(Object.entries(source).map(([field, value]) => [field, fill(value, field)])) as EnvironmentSource;
}

export function addEnv(program: Command, context: CommandContext): void {
  const env = program.command('env').description('Running systems that an audit can look at');
  addEndpointOptions(
    env
      .command('check')
      .description('Which endpoints can be reached, and what each would allow to verify')
      .option('-c, --checklist <file|name>', 'a checklist with `environments:`', 'production')
      .option('--env <name>', 'only this environment; may be repeated; default: every one of the checklist', several),
  )
    .addHelpText(
      'after',
      `
Examples:
  readiness env check --url https://app.example.org --postgres '\${DATABASE_URL}'
  readiness env check --checklist ../ops/readiness.yaml --env production

Exit codes: 0 everything named can be reached, 1 something cannot, 2 wrong use.`,
    )
    .action(async (flags: EnvironmentFlags & { checklist: string }) => {
      context.exitCode = await checkEnvironments(flags);
    });
}

async function checkEnvironments(flags: EnvironmentFlags & { checklist: string }): Promise<number> {
  const [{ loadChecklist }, { builtins }] = await Promise.all([import('../checklist/load-checklist.js'), import('./builtins.js')]);
  const known = await builtins();
  const checklist = await loadChecklist({ use: flags.checklist, builtins: known.checklists, checks: known.checks });
  const given = endpointsOf(flags);
  const names = [flags.env ?? []].flat();
  const wanted: [name: string, source: EnvironmentSource][] = names.map((name) => [name, { ...namedIn(checklist, name), ...given }]);
  if (wanted.length === 0)
    wanted.push(
      ...(Object.keys(given).length > 0
        ? [['command line', given] as [string, EnvironmentSource]]
        : Object.entries(checklist.environments ?? {})),
    );
  if (wanted.length === 0)
    throw new UsageError('no running system is named', undefined, 'for example: readiness env check --url https://app.example.org');
  const lines: string[] = [];
  let reached = true;
  for (const [name, source] of wanted) {
    const told = await checkOne(
      name,
      source,
      flags,
      checklist.checks.map((s) => s.check),
    );
    lines.push(`${name}`, ...told.lines, '');
    reached &&= told.reached;
  }
  process.stdout.write(`${lines.join('\n')}`);
  return reached ? 0 : 1;
}

async function checkOne(
  name: string,
  written: EnvironmentSource,
  flags: EnvironmentFlags,
  checks: readonly Check[],
): Promise<{ lines: string[]; reached: boolean }> {
  const source = filledIn(written, name);
  const named = await namedConnectors(source);
  const environment = await open(name, written, flags, new Date());
  try {
    const told = await Promise.all(
      named.map(async ({ connector, endpoints }) => {
        const kind = connector.connection;
        const ids = checks.filter((c) => c.observe && asks(c.observe, kind)).map((c) => c.id);
        const use = ids.length === 0 ? 'no built-in check asks it' : `${ids.length} check${ids.length === 1 ? '' : 's'}: ${ids.join(', ')}`;
        if (connector.check === null) return { line: `  -     ${kind.padEnd(10)} ${endpoints.join(', ')}  not tried`, use, reached: true };
        const answer = await environment.measure({ connection: kind, ask: connector.check ?? {} });
        const untried = answer.status === 'unknown' && (answer.reason === 'not-named' || answer.reason === 'not-allowed');
        if (untried) return { line: `  -     ${kind.padEnd(10)} ${answer.where}  ${answer.message}`, use, reached: true };
        const ok = answer.status === 'measured';
        const line = ok
          ? `  ok    ${kind.padEnd(10)} ${answer.where}`
          : `  FAIL  ${kind.padEnd(10)} ${answer.where}  ${answer.reason}: ${answer.message}`;
        return { line, use, reached: ok };
      }),
    );
    return { lines: told.flatMap(({ line, use }) => [line, `        would verify ${use}`]), reached: told.every((t) => t.reached) };
  } finally {
    await environment.close();
  }
}

function asks(node: ProbeNode, kind: Connection): boolean {
  return kind in node || [node.all, node.any, node.none].some((list) => list?.some((child) => asks(child, kind)));
}

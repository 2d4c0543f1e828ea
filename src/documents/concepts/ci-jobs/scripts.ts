import type { Document, Json, Reader, ReadResult } from '../../../model/document.js';
import { parseYaml } from '../../../safe/yaml.js';
import { baseName, folderOf, isRecord, joinPath, linedDocument, list, record, text } from '../../json.js';
import { commandsOf } from './commands.js';
import { functionShell, shellFunctions } from './shell-functions.js';
import { projectTargets, workspaceTargets } from './workspaces.js';

/** What a step calls by name: package scripts, Make targets, tox environments, shell scripts. Root: `{runner, targets: {name: shell}}`. */
export type Runner = 'npm' | 'make' | 'tox' | 'just' | 'task' | 'composer' | 'shell' | 'nox' | 'poe' | 'skaffold';

const maxBody = 16_000;
const maxTargets = 400;

/** `$(foreach s,${SERVICES}, ci-${s})` and `$(addprefix ci-,${SERVICES})` ask for every target of the family `ci-%`. */
const families = (prerequisites: string): string =>
  prerequisites
    .replace(/\$[({]foreach\s+(\w+)\s*,[^,\n]{1,200},\s*([\w.-]{1,60})\$[({](\w+)[)}]\s*[)}]/g, (whole, name, prefix, used) =>
      name === used ? `${String(prefix)}%` : String(whole),
    )
    .replace(/\$[({]addprefix\s+([\w.-]{1,60})\s*,[^)\n]{1,200}\)+/g, '$1%');

/** The one rule for a family of targets, `test-%`, that a name belongs to. */
const familyOf = (names: readonly string[], wanted: string): string | undefined => {
  const fitting = names.filter((n) => {
    const [before, after] = n.split('%');
    return after !== undefined && wanted.length > n.length - 1 && wanted.startsWith(before!) && wanted.endsWith(after);
  });
  return fitting.sort((a, b) => b.length - a.length)[0];
};

/** Make and just share the form `name: prerequisites`, followed by indented lines; prerequisites come first, as calls. */
export function makeTargets(source: string, runner: 'make' | 'just'): Record<string, string> {
  const targets: Record<string, string> = {};
  const variables: Record<string, string> = {};
  let names: string[] = [];
  for (const whole of source.replace(/\\\r?\n/g, ' ').split('\n')) {
    const line = whole.slice(0, 2000);
    const assignment = /^([A-Za-z_][\w-]*)\s*(?::|::|\?|\+)?=\s*(.*)$/.exec(line);
    const rule = /^@?([A-Za-z0-9_][\w./ %-]*?)(?:\s+[\w*+='"$-]+)*\s*::?(?!=)\s*([^#=]*)(?:#.*)?$/.exec(line);
    if (/^\s+\S/.test(line) && names.length > 0) {
      const body = line.trim().replace(/^[@+-]+\s*/, '');
      for (const name of names) if ((targets[name]?.length ?? 0) < maxBody) targets[name] += `${body}\n`;
    } else if (assignment) {
      variables[assignment[1]!] = assignment[2]!.trim();
      names = [];
    } else if (rule && Object.keys(targets).length < maxTargets) {
      names = runner === 'just' ? [rule[1]!.trim().split(/\s+/)[0]!] : rule[1]!.trim().split(/\s+/);
      const before = families(rule[2]!)
        .replace(/\(|\)|&&/g, ' ')
        .split(/[\s;|]+/)
        .filter((word) => /^[\w.%-]+$/.test(word));
      for (const name of names) targets[name] = `${targets[name] ?? ''}${before.map((b) => `${runner} ${b}\n`).join('')}`;
    } else if (line.trim() !== '' && !line.startsWith('#')) names = [];
  }
  const fill = (body: string): string =>
    body
      .replace(/\$\*/g, '%')
      .replace(/\$[({](\w[\w-]*)[)}]/g, (whole, name: string) =>
        Object.hasOwn(variables, name) ? variables[name]!.slice(0, 200) : name === 'MAKE' ? 'make' : whole,
      );
  return Object.fromEntries(Object.entries(targets).map(([name, body]) => [name, fill(fill(body)).slice(0, maxBody)]));
}

/** `[testenv]` and `[testenv:name]` sections of tox.ini; `tox` alone runs the environments of envlist, all on these commands. */
function toxTargets(source: string): Record<string, string> {
  const targets: Record<string, string> = {};
  for (const section of source.split(/^(?=\[)/m)) {
    const head = /^\[testenv(?::([^\]]+))?\]/.exec(section);
    const body = /^commands\s*=([^\n]*(?:\n(?:[ \t][^\n]*)?$)*)/m.exec(section)?.[1];
    if (!head || body === undefined) continue;
    const shell = body
      .replace(/\{posargs(?::([^}]*))?\}/g, '$1')
      .replace(/^\s*-?\s*/gm, '')
      .trim();
    for (const name of (head[1] ?? '').split(',')) targets[name.trim()] = shell.slice(0, maxBody);
  }
  return targets;
}

/** nox sessions: the literal arguments of `session.run("pytest", ...)`. */
function noxTargets(source: string): Record<string, string> {
  const targets: Record<string, string> = {};
  for (const part of source.split(/^(?=def )/m)) {
    const name = /^def (\w+)\(/.exec(part)?.[1];
    if (!name) continue;
    targets[name] = [...part.matchAll(/session\.run\(([^)]*)\)/g)]
      .map((m) => [...m[1]!.matchAll(/["']([^"']*)["']/g)].map((a) => a[1]).join(' '))
      .join('\n')
      .slice(0, maxBody);
  }
  return targets;
}

/** The shell of a composer, npm or task entry: a string, a list of strings, or the usual keys of an object. */
const shellOf = (entry: Json | undefined): string =>
  Array.isArray(entry)
    ? entry.map(shellOf).join('\n')
    : isRecord(entry)
      ? shellOf(entry['cmds'] ?? entry['cmd'] ?? entry['shell'] ?? entry['task'] ?? null)
      : text(entry);

function jsonScripts(source: string): Record<string, string> {
  try {
    const scripts = record((JSON.parse(source) as { [key: string]: Json })['scripts']);
    return Object.fromEntries(
      Object.entries(scripts).map(([name, body]) => [
        name,
        shellOf(body)
          .replace(/^@(?:php )?/gm, '')
          .slice(0, maxBody),
      ]),
    );
  } catch {
    return {};
  }
}

function poeTargets(source: string): Record<string, string> {
  const targets: Record<string, string> = {};
  let inside = false;
  for (const line of source.split('\n')) {
    const section = /^\[(.+)\]/.exec(line);
    if (section) inside = /^(?:tool\.(?:poe\.tasks|pdm\.scripts|taskipy\.tasks)|tool\.hatch\.envs\.[\w.-]+\.scripts)$/.test(section[1]!);
    const entry = inside ? /^([\w-]+)\s*=\s*(.*)$/.exec(line) : null;
    if (entry)
      targets[entry[1]!] = [...entry[2]!.matchAll(/"([^"]*)"|'([^']*)'/g)]
        .map((m) => m[1] ?? m[2])
        .join('\n')
        .slice(0, maxBody);
  }
  return targets;
}

function targetsOf(path: string, source: string): { runner: Runner; targets: Record<string, string> } | null {
  const name = baseName(path).toLowerCase();
  if (name === 'package.json') return { runner: 'npm', targets: jsonScripts(source) };
  if (name === 'project.json') return { runner: 'npm', targets: projectTargets(source) };
  if (name === 'composer.json') return { runner: 'composer', targets: jsonScripts(source) };
  if (name === 'pyproject.toml') return { runner: 'poe', targets: poeTargets(source) };
  if (name === 'tox.ini') return { runner: 'tox', targets: toxTargets(source) };
  if (name === 'noxfile.py') return { runner: 'nox', targets: noxTargets(source) };
  if (name === 'justfile' || name === '.justfile') return { runner: 'just', targets: makeTargets(source, 'just') };
  if (/makefile$|\.mk$/.test(name)) return { runner: 'make', targets: makeTargets(source, 'make') };
  if (name.startsWith('taskfile.')) {
    const tasks = record(record(parseYaml(source).documents[0]?.value)['tasks']);
    const body = (task: Json): string =>
      [...list(record(task)['deps']).map((d) => `task ${text(d) || text(record(d)['task'])}`), shellOf(task)].join('\n');
    return { runner: 'task', targets: Object.fromEntries(Object.entries(tasks).map(([key, task]) => [key, body(task).slice(0, maxBody)])) };
  }
  if (/^skaffold[\w.-]*\.ya?ml$/.test(name)) {
    const commands = parseYaml(source).documents.flatMap((d) =>
      list(record(d.value)['test']).flatMap((t) => list(record(t)['custom']).map((c) => text(record(c)['command']))),
    );
    return { runner: 'skaffold', targets: { test: commands.filter(Boolean).join('\n').slice(0, maxBody) } };
  }
  const shell = /\.(?:sh|bash)$/.test(name) || /^#!.*\b(?:ba|z|da|a)?sh\b/.test(source.slice(0, 80));
  return shell ? { runner: 'shell', targets: { ...shellFunctions(source), '': source.slice(0, maxBody) } } : null;
}

const everyVariant = ['base', 'production', 'staging', 'development', 'test'] as const;

/** Whatever a CI step may call by name. */
export const scripts: Reader = {
  name: 'ci-jobs/scripts',
  kind: 'scripts',
  files: {
    paths: [
      'package.json',
      'project.json',
      'composer.json',
      'pyproject.toml',
      'tox.ini',
      'noxfile.py',
      'justfile',
      'Justfile',
      '.justfile',
      'Makefile',
      'makefile',
      'GNUmakefile',
      '*.mk',
      'Taskfile.yml',
      'Taskfile.yaml',
      'taskfile.yml',
      'skaffold*.yaml',
      'skaffold*.yml',
      '*.sh',
      '*.bash',
      '**/bin/*',
      '**/script/*',
      '**/scripts/*',
      'ci/*',
      'hack/*',
      // Scripts without an ending that are told what to do.
      '{run,do,dev,go,ci,test,build,check,lint,manage,x}',
    ],
    except: ['**/node_modules/**', '**/*.{png,jpg,svg,json5,ts,js,sql,md,html,css}'],
    roles: ['product', 'test', 'sample', 'script', 'docs', 'ci', 'config', 'template', 'other'],
    variants: everyVariant,
  },
  read(source): ReadResult {
    const found = targetsOf(source.path, source.text);
    if (!found || Object.keys(found.targets).length === 0) return {};
    return { documents: [linedDocument('scripts', source.path, { runner: found.runner, targets: found.targets })] };
  },
};

interface Call {
  readonly runner: Runner;
  /** Target name; for shell the path as written. */
  readonly name: string;
  readonly folder: string;
  /** Reaches into packages of a workspace (`pnpm -r`, `turbo run`). */
  readonly everywhere: boolean;
  /** The first argument of a shell script. */
  readonly argument?: string;
}

const npmBuiltIn =
  /^(?:install|i|ci|add|audit|publish|exec|dlx|config|set|version|pack|link|cache|init|login|why|outdated|update|upgrade|global|create|remove|store|x|help|view|info|pkg|dedupe|rebuild|list|ls|import|patch|plugin|workspaces|node|up|tag|dist-tag|token|prune)$/;

/** Which scripts and targets a simple command calls. */
export function callsOf(command: string, folder: string): Call[] {
  const words = command.split(' ').map((w) => w.replace(/^["'(]+|["');]+$/g, ''));
  const program = words[0] ?? '';
  const call = (runner: Runner, names: readonly string[], where = folder, everywhere = false): Call[] =>
    names.filter((n) => n !== '').map((name) => ({ runner, name, folder: where, everywhere }));
  /** Words without options; `valued` options take the next word along. */
  const plain = (valued: RegExp): { rest: string[]; options: Record<string, string> } => {
    const rest: string[] = [];
    const options: Record<string, string> = {};
    for (let i = 1; i < words.length; i++) {
      const word = words[i]!;
      if (word === '--') break;
      if (!word.startsWith('-')) rest.push(word);
      else if (word.includes('=')) options[word.slice(0, word.indexOf('='))] = word.slice(word.indexOf('=') + 1);
      else if (valued.test(word)) options[word] = words[++i] ?? '';
      else options[word] = '';
    }
    return { rest, options };
  };
  if (/^(?:npm|pnpm|yarn|bun)$/.test(program)) {
    const { rest, options } = plain(/^(?:--prefix|-C|--dir|--cwd|-w|--workspace|--filter|-F)$/);
    const where = options['--prefix'] ?? options['-C'] ?? options['--dir'] ?? options['--cwd'] ?? folder;
    const everywhere =
      ['-w', '--workspace', '--workspaces', '--filter', '-F', '-r', '--recursive', '-ws'].some((o) => o in options) ||
      rest[0] === 'workspace' ||
      rest[0] === 'workspaces';
    const names = rest[0] === 'workspace' ? rest.slice(2) : rest[0] === 'workspaces' ? rest.slice(rest[1] === 'foreach' ? 2 : 1) : rest;
    const first = names[0] === 'run' || names[0] === 'run-script' ? names[1] : names[0] === 't' || names[0] === 'tst' ? 'test' : names[0];
    if (!first || (first === names[0] && npmBuiltIn.test(first)) || (program === 'bun' && first === 'test' && names[0] === 'test'))
      return [];
    return call('npm', [`pre${first}`, first, `post${first}`], where, everywhere);
  }
  const targets = workspaceTargets(words);
  if (targets) return call('npm', targets, folder, true);
  if (/^(?:npm-run-all|run-s|run-p|concurrently|wireit)$/.test(program))
    return call(
      'npm',
      words
        .slice(1)
        .filter((w) => !w.startsWith('-'))
        .map((w) => w.replace(/^(?:npm|yarn|pnpm):/, '')),
    );
  if (/^g?make$/.test(program)) {
    const { rest, options } = plain(/^(?:-C|-f|--directory|--file|-j)$/);
    const where = options['-C'] ?? options['--directory'] ?? folder;
    const names = rest.filter((w) => !w.includes('=') && !/^\d+$/.test(w));
    return call('make', names.length > 0 ? names : ['*default*'], where);
  }
  if (program === 'just' || program === 'task')
    return call(
      program,
      words.slice(1).filter((w) => /^[\w:.-]+$/.test(w) && !w.startsWith('-')),
    );
  if (/^(?:poe|pdm|task[i]py|hatch)$/.test(program))
    return call(
      'poe',
      words
        .slice(1)
        .filter((w) => w !== 'run' && !w.startsWith('-'))
        .map((w) => w.split(':').at(-1)!),
    );
  // A configuration requires those of its parts; the tests of all of them run.
  if (program === 'skaffold') return call('skaffold', words[1] === 'test' ? ['test'] : [], folder, true);
  if (program === 'composer')
    return call(
      'composer',
      words
        .slice(1)
        .filter((w) => !/^(?:run(?:-script)?|install|require|update|validate|dump-autoload)$/.test(w) && !w.startsWith('-'))
        .slice(0, 1),
    );
  if (program === 'tox') {
    const at = words.findIndex((w) => w === '-e');
    return call('tox', at >= 0 ? (words[at + 1] ?? '').split(',') : ['*default*']);
  }
  if (program === 'nox') {
    const at = words.findIndex((w) => /^(?:-s|--session|-e)$/.test(w));
    return call(
      'nox',
      at >= 0
        ? words
            .slice(at + 1)
            .filter((w) => !w.startsWith('-'))
            .map((w) => w.split('-')[0]!)
        : ['*default*'],
    );
  }
  const given = words.filter((w) => !w.startsWith('-'));
  const [script, argument] = /^(?:bash|sh|zsh|source|\.)$/.test(program) ? given.slice(1) : given;
  return script && /^[\w./-]+$/.test(script) && (script.includes('/') || /\.(?:sh|bash)$/.test(script))
    ? [{ runner: 'shell', name: script, folder, everywhere: false, ...(argument === undefined ? {} : { argument }) }]
    : [];
}

/** All scripts of the target, found by what a step calls and from where. */
export class ScriptIndex {
  private readonly byRunner = new Map<Runner, { folder: string; path: string; targets: JsonTargets }[]>();

  constructor(documents: readonly Document[]) {
    for (const document of documents) {
      const root = record(document.root);
      const runner = text(root['runner']) as Runner;
      const entry = { folder: folderOf(document.path), path: document.path, targets: record(root['targets']) as JsonTargets };
      this.byRunner.set(runner, [...(this.byRunner.get(runner) ?? []), entry]);
    }
  }

  private find(call: Call): { body: string; folder: string }[] {
    const sources = this.byRunner.get(call.runner) ?? [];
    if (call.runner === 'shell') {
      const wanted = [joinPath(call.folder, call.name), joinPath(call.name)];
      const hit = sources.find((s) => wanted.includes(s.path));
      if (!hit) return [];
      const named = call.argument !== undefined && call.argument !== '' && Object.hasOwn(hit.targets, call.argument);
      return [{ body: named ? functionShell(hit.targets, call.argument!) : (hit.targets[''] ?? ''), folder: call.folder }];
    }
    const bodiesOf = (s: (typeof sources)[number]): { body: string; folder: string }[] => {
      const first = Object.keys(s.targets)[0];
      const names = Object.keys(s.targets);
      const chosen =
        call.name !== '*default*'
          ? call.runner === 'tox' && !Object.hasOwn(s.targets, call.name)
            ? ['']
            : call.name.endsWith(':*')
              ? names.filter((n) => n.startsWith(call.name.slice(0, -1)))
              : [call.runner === 'make' && !Object.hasOwn(s.targets, call.name) ? (familyOf(names, call.name) ?? call.name) : call.name]
          : call.runner === 'make'
            ? first === undefined
              ? []
              : [first]
            : names;
      return chosen.filter((n) => Object.hasOwn(s.targets, n)).map((n) => ({ body: s.targets[n]!, folder: s.folder }));
    };
    const here = joinPath(call.folder) ?? '';
    const near = sources.filter((s) => s.folder === here).flatMap(bodiesOf);
    if (near.length > 0 && !call.everywhere) return near;
    const elsewhere = sources.filter((s) => s.folder !== here).flatMap(bodiesOf);
    if (call.everywhere) return [...near, ...elsewhere].slice(0, 8);
    // Only where a single file knows the target is it certain which one is meant.
    return elsewhere.length === 1 ? elsewhere : [];
  }

  /** The shell of everything that `shell`, run in `folder`, calls; breadth first, each body once, at most 16,000 characters. */
  resolve(shell: string, folder: string): { body: string; folder: string }[] {
    const out: { body: string; folder: string }[] = [];
    const seen = new Set<string>();
    let queue = [{ body: shell, folder }];
    let length = 0;
    for (let depth = 0; depth < 5 && queue.length > 0; depth++) {
      const next: typeof queue = [];
      for (const { body, folder: from } of queue)
        for (const command of commandsOf(body))
          for (const call of callsOf(command.text, joinPath(from, command.folder) ?? from))
            for (const found of this.find(call)) {
              const key = `${found.folder}\0${found.body}`;
              if (seen.has(key) || length > maxBody) continue;
              seen.add(key);
              length += found.body.length;
              out.push(found);
              next.push(found);
            }
      queue = next;
    }
    return out;
  }
}

type JsonTargets = { [name: string]: string };

import type { Combiner, Document, Item, Json, Reader } from '../../../model/document.js';
import type { FileSelector } from '../../../model/file.js';
import type { Source } from '../../../model/source.js';
import { record } from '../../json.js';
import { developmentOf, kindOf, ofProcessManager, serverOf, workersOf } from './judge.js';

/** What combiners need of other files and drop again: package scripts, shell scripts, configured workers, development entry points. */
const marker = (source: Source, offset: number, kind: string, fields: Record<string, Json>): Item => ({
  path: source.path,
  line: source.at(offset).line,
  marker: kind,
  ...fields,
});

const draft = (source: Source, offset: number, from: string, name: string, command: string): Item => ({
  path: source.path,
  line: source.at(offset).line,
  source: from,
  name,
  command: command.trim(),
  variant: source.file.variant,
});

const live: FileSelector['roles'] = ['product', 'script', 'config', 'other', 'template', 'ci'];
const reader = (name: string, files: FileSelector, keywords: string[] | undefined, read: (source: Source) => Item[]): Reader => ({
  name: `start-commands/${name}`,
  kind: 'start-commands',
  files: { variants: ['base', 'production'], ...files },
  ...(keywords ? { keywords } : {}),
  read: (source) => ({ items: read(source) }),
});

const scripts = reader('package', { paths: ['package.json'], roles: live }, ['"scripts"'], (source) => {
  let found: Record<string, unknown> | undefined;
  try {
    found = (JSON.parse(source.text) as { scripts?: Record<string, unknown> }).scripts;
  } catch {
    return [];
  }
  if (!found || typeof found !== 'object') return [];
  const given = Object.fromEntries(Object.entries(found).filter((e): e is [string, string] => typeof e[1] === 'string'));
  const name = ['start:prod', 'start:production', 'start', 'serve'].find((n) => given[n] !== undefined);
  return [marker(source, Math.max(0, source.text.indexOf(`"${name}"`)), 'scripts', { scripts: given, start: name ?? '' })];
});

const lines = (source: Source, from: string, pattern: RegExp): Item[] =>
  [...source.text.matchAll(pattern)].map((m) =>
    draft(source, m.index, from, m.length > 2 ? m[1]! : '', (m.length > 2 ? m[2]! : m[1]!).replace(/^["']|["'],?$/g, '')),
  );

const procfile = reader('procfile', { paths: ['Procfile'], roles: live }, undefined, (s) =>
  lines(s, 'procfile', /^([\w-]+):[ \t]*(\S.{0,400})$/gm),
);
const units = reader(
  'units',
  { paths: ['*.service', 'supervisord*.conf', '*supervisor*.conf', '**/supervisor/**'], roles: live },
  ['ExecStart', 'command'],
  // What runs once, or is a daemon of the system such as a mail filter, starts no software of the repository.
  (s) =>
    /^Type[ \t]*=[ \t]*oneshot\b/m.test(s.text)
      ? []
      : lines(
          s,
          'unit',
          /^(?:ExecStart|command)[ \t]*=[ \t]*[-@!+:]*((?!(?:\/usr)?\/sbin\/(?!php-fpm|apache|httpd|nginx|uwsgi))\S.{0,400})$/gm,
        ),
);
const platforms = reader(
  'platforms',
  {
    paths: [
      'render.y*ml',
      'railway.json',
      'railway.toml',
      'nixpacks.toml',
      'app.yaml',
      'fly.toml',
      'fly.*.toml',
      'koyeb.yaml',
      'apprunner.yaml',
      '.do/app.yaml',
    ],
    roles: live,
  },
  undefined,
  (s) => [
    ...lines(
      s,
      'platform',
      /^\s*"?(?:startCommand|start_command|run_command|entrypoint|cmd|command|run)"?\s*[:=][ \t]*["']?([^\s"'[{|>][^"\n]{2,400})["']?,?\s*$/gm,
    ),
    ...lines(s, 'platform', /^\s*(app|web)\s*=\s*["']([^"'\n]{3,400})["']\s*$/gm),
  ],
);
const shell = reader(
  'shell',
  { paths: ['*.sh', '*entrypoint*', 'docker/*', 'bin/*', 'scripts/*'], languages: ['shell'], roles: live },
  undefined,
  (source) => {
    const started = [
      ...source.code.matchAll(
        /^[ \t]*(?:exec[ \t]+)?((?:[\w./]*\/)?(?:gunicorn|uvicorn|hypercorn|daphne|uwsgi|waitress-serve|granian|fastapi|flask|python3?|node|npm|yarn|pnpm|bundle|rails|puma|php|php-fpm|pm2-runtime|java|poetry|uv|streamlit|next|dotnet|air|go)[ \t](?:[^\n\\]|\\\r?\n|\\.){1,500})/gm,
      ),
    ].map((m) => m[1]!.replace(/\\\r?\n/g, ' '));
    // One that starts nothing known still tells that its name means no script of another folder.
    return [marker(source, 0, 'shell', { text: started.join(' ; ').slice(0, 1_500) })];
  },
);
const gunicornConfig = reader('gunicorn', { paths: ['gunicorn*.py', 'gunicorn*.conf*'], roles: live }, ['workers'], (source) =>
  [...source.code.matchAll(/^\s*workers\s*=\s*(.{1,120})$/gm)]
    .slice(0, 1)
    .map((m) => marker(source, m.index, 'workers', { server: 'gunicorn', value: m[1]!.trim() })),
);
const pumaConfig = reader('puma', { paths: ['**/puma*.rb'], roles: live }, ['workers', 'threads'], (source) =>
  [...source.code.matchAll(/^\s*(?:workers|threads)[ (]+(.{1,120})$/gm)]
    .slice(0, 1)
    .map((m) => marker(source, m.index, 'workers', { server: 'puma', value: m[1]!.trim() })),
);
const pm2Config = reader(
  'pm2',
  { paths: ['ecosystem*.config.*', 'ecosystem.json', 'pm2*.json', 'process*.json', 'pm2*.config.*'], roles: live },
  ['apps'],
  (source) => {
    const match = /["']?instances["']?\s*:\s*["']?([\w.-]+)/.exec(source.code);
    const script = /["']?script["']?\s*:\s*["']([^"'\n]+)/.exec(source.code);
    return [marker(source, match?.index ?? 0, 'workers', { server: 'pm2', value: match?.[1] ?? '1', script: script?.[1] ?? '' })];
  },
);
/** Entry points that start a development server themselves: Flask's app.run(), uvicorn.run(reload=True). */
const entryPoints = reader('entry-points', { languages: ['python'], roles: ['product', 'script'] }, ['.run('], (source) => {
  const flask = /^\s*(?:app|application)\.run\s*\(/m.exec(source.code);
  if (flask && /\bflask\b/i.test(source.code))
    return [marker(source, flask.index, 'entry', { development: "Flask's development server (app.run)" })];
  const reload = /\buvicorn\.run\s*\((?:[^()]|\([^()]*\)){0,400}?\breload\s*=\s*True/.exec(source.code);
  const workers = /\buvicorn\.run\s*\((?:[^()]|\([^()]*\)){0,400}?\bworkers\s*=\s*([\w.]+)/.exec(source.code);
  if (reload) return [marker(source, reload.index, 'entry', { development: 'uvicorn with reload=True' })];
  return workers ? [marker(source, workers.index, 'entry', { workers: workers[1]! })] : [];
});
const railsProduction = reader(
  'rails',
  { paths: ['*Dockerfile*', '*.y*ml', '*.toml', '*.service', '*.sh', '.env*'], roles: live },
  ['RAILS_ENV', 'RACK_ENV'],
  (source) =>
    /\bRA(?:ILS|CK)_ENV["']?[=:\s]+["']?(?:\$\{RAILS_ENV:-)?production/.test(source.text)
      ? [marker(source, 0, 'rails-production', {})]
      : [],
);

const folder = (path: string) => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');
const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** The targets of Makefiles, as the scripts that CI calls are read. */
const makefiles = (scripts: readonly Document[]): Item[] =>
  scripts
    .filter((d) => record(d.root)['runner'] === 'make')
    .map((d) => ({ path: d.path, line: 1, marker: 'make', targets: record(d.root)['targets'] ?? {} }));

/** Follows package scripts, targets of Makefiles and shell scripts that a command calls, at most three steps deep. */
function resolved(command: string, path: string, markers: readonly Item[], depth = 0): string {
  if (depth > 2 || !command) return command;
  const near = (kind: string, matches: (m: Item) => boolean) =>
    markers
      .filter((m) => m.marker === kind && matches(m))
      .sort(
        (a, b) => Number(folder(b.path) === folder(path)) - Number(folder(a.path) === folder(path)) || a.path.length - b.path.length,
      )[0];
  const script = /\b(?:npm|yarn|pnpm|bun)(?: -[\w=/.-]+)*(?: run)?(?: -[\w=/.-]+)* ([\w:.-]+)/.exec(command);
  const name = script?.[1] === 'run' ? '' : (script?.[1] ?? '');
  if (name) {
    const found = near('scripts', (m) => text((m.scripts as Record<string, string>)[name]) !== '');
    const next = found && text((found.scripts as Record<string, string>)[name]);
    if (next && next !== command) return `${command} ; ${resolved(next, path, markers, depth + 1)}`;
  }
  const target = /^g?make +(?:-\S+ +)*([\w.-]+)/.exec(command)?.[1];
  if (target) {
    const found = near('make', (m) => text((m.targets as Record<string, string>)[target]) !== '');
    const next =
      found &&
      text((found.targets as Record<string, string>)[target])
        .trim()
        .replace(/\n/g, ' ; ');
    if (next) return `${command} ; ${resolved(next, path, markers, depth + 1)}`;
  }
  const file = /([\w./-]*?)([\w-]+\.sh|docker-entrypoint|entrypoint|[\w-]*start[\w-]*)(?=["'\s]|$)/.exec(command);
  if (file) {
    const found = near(
      'shell',
      (m) => (m.path.endsWith(`/${file[2]}`) || m.path === file[2]) && (text(m.text) !== '' || folder(m.path) === folder(path)),
    );
    if (found && text(found.text) !== '') return `${command} ; ${resolved(text(found.text), path, markers, depth + 1)}`;
  }
  return command;
}

/** One item a command that production runs; a package's own start script counts where nothing else starts the software. */
export const startCommands: Combiner = {
  kind: 'start-commands',
  uses: ['images', 'workloads', 'starts', 'scripts'],
  combine(items, all) {
    const markers = [...items.filter((i) => typeof i.marker === 'string'), ...makefiles(all.documents('scripts'))];
    const drafts: Item[] = withoutProcessManagers(
      items.filter((i) => typeof i.marker !== 'string'),
      markers,
    );
    const production = all.items('images').some((i) => i.own === true && !forDevelopment(i, all.items('workloads')));
    for (const image of all.items('images')) {
      const runs = all.items('workloads').filter((w) => runsImage(w, image));
      if (runs.length > 0 && runs.every((w) => w.optIn === true)) continue;
      if (image.own !== true || image.variant === 'development' || image.variant === 'test') continue;
      if (production && forDevelopment(image, all.items('workloads'))) continue;
      const command = text(image.startedBy) || text(image.start);
      if (!command && image.languageBase === true) continue;
      drafts.push({
        path: image.path,
        line: Number(image.startLine) || image.line,
        source: 'dockerfile',
        name: text(image.base),
        command,
        variant: image.variant ?? 'base',
      });
    }
    for (const w of all.items('workloads')) {
      if (w.own !== true || w.production !== true || w.optIn === true || w.init === true || !text(w.command)) continue;
      drafts.push({
        path: w.path,
        line: w.line,
        source: 'workload',
        name: text(w.name),
        command: text(w.command),
        variant: w.variant ?? 'base',
        ...(w.oneShot === true ? { oneShot: true } : {}),
      });
    }
    if (drafts.length === 0)
      for (const start of all.items('starts')) {
        const streams = /^(?:streamlit run|chainlit run|panel serve)/.test(text(start.command));
        if (streams)
          drafts.push({
            path: start.path,
            line: start.line,
            source: 'docs',
            name: text(start.technology),
            command: text(start.command),
            variant: 'base',
          });
        else if (start.technology === 'package-json' && start.kind === 'server' && !previews(start, markers))
          drafts.push({
            path: start.path,
            line: start.line,
            source: 'package',
            name: 'start',
            command: text(start.command),
            variant: 'base',
          });
      }
    return drafts.slice(0, 500).map((d) => finished(d, markers));
  },
};

/** A Procfile that a developer's process manager runs says nothing of production; a release phase is a platform's alone. */
function withoutProcessManagers(drafts: readonly Item[], markers: readonly Item[]): Item[] {
  const released = new Set(drafts.filter((d) => d.source === 'procfile' && d.name === 'release').map((d) => d.path));
  const local = new Set(
    drafts
      .filter((d) => d.source === 'procfile' && ofProcessManager(text(d.name), resolved(text(d.command), d.path, markers)))
      .map((d) => d.path),
  );
  return drafts.filter((d) => d.source !== 'procfile' || !local.has(d.path) || released.has(d.path));
}

/** `start` is the development server of a page that another script builds: nothing says that production uses it. */
function previews(start: Item, markers: readonly Item[]): boolean {
  const given = markers.find((m) => m.marker === 'scripts' && m.path === start.path)?.scripts as Record<string, string> | undefined;
  const built = Object.keys(given ?? {}).some((name) => /^build\b|:build\b/.test(name));
  const command = resolved(text(start.command), start.path, markers);
  return built && /\b(?:ng serve|react-scripts start|craco start|vue-cli-service serve|webpack(?:-dev-server| serve))\b/.test(command);
}

/** Said by the image's list of workloads, or by an image named like the folder that it is built in. */
function runsImage(workload: Item, image: Item): boolean {
  if (Array.isArray(image.workloads) && image.workloads.includes(workload.name as string)) return true;
  const name = text(workload.image)
    .split('@')[0]!
    .replace(/:[\w.-]+$/, '')
    .split('/')
    .pop()!;
  return workload.own === true && name !== '' && name === folder(image.path).split('/').pop();
}

/** An image that only Compose files for development run, with the source mounted over it; where it is the only one, production may run it as well. */
function forDevelopment(image: Item, workloads: readonly Item[]): boolean {
  const runs = workloads.filter((w) => w.dockerfile === image.path || runsImage(w, image));
  const mounted = (w: Item) => Array.isArray(w.hostPaths) && w.hostPaths.some((p) => /^\.{1,2}\/?$/.test(String(p)));
  return runs.length > 0 && runs.every((w) => w.source === 'compose' && w.production === false && mounted(w));
}

function finished(item: Item, markers: readonly Item[]): Item {
  const written = text(item.command);
  const command = resolved(written, item.path, markers).slice(0, 2_000);
  const last = command.split(' ; ').at(-1)!;
  const server = serverOf(command, item.source === 'dockerfile' ? text(item.name) : '');
  const entry = entryOf(command, item.path, markers);
  const configured = markers.find(
    (m) =>
      m.marker === 'workers' &&
      (m.server === server || (m.server === 'puma' && server === 'rails')) &&
      (m.server !== 'gunicorn' || !/-w[ =]?\d|--workers/.test(command)),
  );
  const rails =
    server === 'rails' &&
    !markers.some((m) => m.marker === 'rails-production') &&
    !/-e production|RA(?:ILS|CK)_ENV=production/.test(command);
  return {
    path: item.path,
    line: item.line,
    source: item.source,
    name: text(item.name),
    command,
    kind:
      item.oneShot === true
        ? 'job'
        : kindOf(last === command ? command : `${written} ; ${last}`, item.source === 'procfile' ? text(item.name) : ''),
    server,
    development: developmentOf(command) || (rails ? 'rails server without RAILS_ENV=production' : '') || text(entry?.development),
    workers: workersOf(
      configured
        ? `${command} --workers ${text(configured.value)}`
        : entry?.workers
          ? `${command} --workers ${text(entry.workers)}`
          : command,
    ),
    variant: item.variant ?? 'base',
  };
}

/** The marked entry point that `python path/to/file.py` or `python -m package.module` starts. */
function entryOf(command: string, path: string, markers: readonly Item[]): Item | undefined {
  const match = /\bpython[\d.]*(?: -[uOB]+)* (?:-m +([\w.]+)|([\w./-]+\.py))/.exec(command);
  if (!match) return undefined;
  // A unit may lie anywhere and names the place where the software is installed.
  const unit = /\.service$|supervisor/.test(path);
  const wanted = match[1]
    ? `${match[1].replace(/\./g, '/')}`
    : match[2]!
        .replace(/^(?:\.\/|\/)?(?:app\/|code\/|usr\/src\/app\/|src\/)?/, '')
        .replace(/\.py$/, '')
        .replace(unit && match[2]!.startsWith('/') ? /^.*\// : /^$/, '');
  const found = markers.filter(
    (m) =>
      m.marker === 'entry' && (m.path === `${wanted}.py` || m.path.endsWith(`/${wanted}.py`) || m.path.endsWith(`${wanted}/__main__.py`)),
  );
  return (
    found.find((m) => folder(m.path).startsWith(folder(path))) ??
    (found.length === 1 && (unit || folder(path) === '') ? found[0] : undefined)
  );
}

export const startCommandReaders: readonly Reader[] = [
  scripts,
  procfile,
  units,
  platforms,
  shell,
  gunicornConfig,
  pumaConfig,
  pm2Config,
  entryPoints,
  railsProduction,
];

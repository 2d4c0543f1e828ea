import type { Item, Json, Reader } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { parseYaml } from '../../../safe/yaml.js';
import { dotenv as dotenvFormat, parseDotenv } from '../../formats/dotenv.js';
import { parseJson } from '../../formats/json.js';
import { isRecord } from '../../json.js';
import { envItem, Reads, textOf, upperName, alternative } from './shared.js';

/** `${NAME}`, `${NAME:-default}`, `${NAME:?message}` in Compose files: the file reads them from the shell or .env. */
export const compose: Reader = {
  name: 'env-variables/compose',
  kind: 'env-variables',
  files: { paths: ['*compose*.yml', '*compose*.yaml', 'stack*.yml'], roles: ['config', 'script', 'product'] },
  keywords: ['${'],
  read(source) {
    const reads = new Reads(source, 'compose');
    for (const match of source.code.matchAll(/(\$?)\$\{(\w+)(?:(:?[-?+])([^{}\n]*))?\}/g)) {
      if (match[1]) continue;
      const operator = match[3] ?? '';
      reads.add(match[2], match.index, operator.includes('-') ? match[4]!.trim() : null, operator.includes('?'));
    }
    return reads.result();
  },
};

/** Spring, Quarkus, and Micronaut files: `${NAME:default}`; Rails YAML: `<%= ENV[...] %>`; Symfony YAML: `%env(NAME)%`. */
export const settingsFiles: Reader = {
  name: 'env-variables/settings-files',
  kind: 'env-variables',
  files: {
    paths: [
      'application*.yml',
      'application*.yaml',
      'application*.properties',
      'bootstrap*.yml',
      'bootstrap*.properties',
      '**/config/*.yml',
      '**/config/packages/**/*.yaml',
      '**/config/*.yaml',
      'logback*.xml',
      'log4j2*.xml',
    ],
    roles: ['config', 'product'],
  },
  keywords: ['${', 'ENV[', 'ENV.fetch', '%env('],
  read(source) {
    const { code } = source;
    const reads = new Reads(source, 'settings');
    for (const match of code.matchAll(/\$\{(?:env:)?([A-Z][A-Z0-9_]*)(?::-?([^{}\n]*))?\}/g))
      reads.add(match[1], match.index, match[2] ?? null, match[2] === undefined);
    for (const match of code.matchAll(/<%=?[^%\n]*?\bENV(?:\[|\.fetch\(\s*)\s*(["'])(\w+)\1\s*(?:,\s*([^)\n]*))?[\])]([^%\n]*)/g))
      reads.add(match[2], match.index, textOf(match[3]) ?? textOf(/^\s*\{\s*([^}]*?)\s*\}/.exec(match[4]!)?.[1]) ?? alternative(match[4]!));
    for (const match of code.matchAll(/%env\((?:[\w:]*:)?(\w+)\)%/g)) reads.add(match[1], match.index);
    return reads.result();
  },
};

/** node-config's map of its settings to variables: `{"database": {"url": "DATABASE_URL", "port": {"__name": "DB_PORT"}}}`. */
export const nodeConfig: Reader = {
  name: 'env-variables/node-config',
  kind: 'env-variables',
  files: { paths: ['custom-environment-variables.json', 'custom-environment-variables.y*ml'], roles: ['config', 'product'] },
  read(source) {
    const reads = new Reads(source, 'settings');
    const walk = (value: Json | undefined): void => {
      if (typeof value === 'string') reads.add(value, Math.max(0, source.text.indexOf(value)));
      else if (isRecord(value)) for (const [key, inner] of Object.entries(value)) if (key !== '__format') walk(inner);
    };
    walk(parseYaml(source.text).documents[0]?.value);
    return reads.result();
  },
};

/** Prisma schemas: `url = env("NAME")`, asked for when the first query is sent. A shadow database is for developers only. */
export const prismaSchema: Reader = {
  name: 'env-variables/prisma',
  kind: 'env-variables',
  files: { paths: ['*.prisma'], roles: ['config', 'product'] },
  keywords: ['env('],
  read(source) {
    const reads = new Reads(source, 'settings');
    for (const match of source.code.matchAll(/^\s*(?:url|directUrl)\s*=\s*env\(\s*"(\w+)"\s*\)/gm)) reads.add(match[1], match.index);
    return reads.result();
  },
};

/** Entry points in shell: `${NAME:?}` and `${NAME:-default}` of names that the script does not assign itself. */
export const shell: Reader = {
  name: 'env-variables/shell',
  kind: 'env-variables',
  files: {
    paths: ['*entrypoint*', 'start*.sh', 'run*.sh', 'boot*.sh', 'prestart*.sh', 'docker-*.sh', '**/docker/**/*.sh', 'start', 'entrypoint'],
    roles: ['product', 'script', 'config'],
  },
  keywords: ['${'],
  read(source) {
    const { code } = source;
    const reads = new Reads(source);
    const own = new Set([...code.matchAll(/(?:^|[;\s])([A-Za-z_]\w*)=/gm)].map((match) => match[1]));
    for (const match of code.matchAll(/\$\{([A-Z][A-Z0-9_]+)(:?[-?])([^{}\n]*)\}/g)) {
      if (own.has(match[1]!) && !new RegExp(`\\b${match[1]!}=["']?\\$\\{${match[1]!}`).test(code)) continue;
      reads.add(match[1], match.index, match[2]!.includes('-') ? match[3]!.replace(/^["']|["']$/g, '') : null, match[2]!.includes('?'));
    }
    return reads.result();
  },
};

/** .env.example and its kind document variables; a committed .env sets them. */
export const environmentFiles: Reader = {
  name: 'env-variables/environment-files',
  kind: 'env-variables',
  files: {
    ...dotenvFormat.files,
    variants: ['base', 'production', 'staging', 'template'],
    roles: ['config', 'product', 'script', 'template', 'other', 'docs'],
  },
  read(source) {
    const template =
      source.file.variant === 'template' ||
      /(?:^|\/)(?:env|dotenv)(?:\.\w+)?\.(?:example|sample|template|dist)$|\.(?:example|sample|template|dist)$/.test(source.path);
    // Templates name optional variables in comments: `# NAME=value` without a space in the name.
    const commented = template
      ? [...source.text.matchAll(/^[ \t]*#[ \t]*(?:export[ \t]+)?([A-Z][A-Z0-9_]{2,})=(.*)$/gm)].map((m) => ({
          name: m[1]!,
          value: m[2]!.trim(),
          line: source.at(m.index).line,
        }))
      : [];
    const seen = new Set<string>();
    const items: Item[] = [];
    for (const entry of [...parseDotenv(source.text), ...commented]) {
      if (seen.has(entry.name) || !/^[A-Za-z_]\w*$/.test(entry.name)) continue;
      seen.add(entry.name);
      items.push(
        envItem({ path: source.path, line: entry.line }, entry.name, template ? 'documented' : 'set', {
          value: entry.value,
          where: template ? 'template' : 'settings',
          variant: source.file.variant,
        }),
      );
    }
    return { items };
  },
};

/** app.json (Heroku): its `env` documents variables, `required` ones included. */
export const appJson: Reader = {
  name: 'env-variables/app-json',
  kind: 'env-variables',
  files: { paths: ['app.json'] },
  keywords: ['"env"'],
  read(source) {
    const { root, placeOf } = parseJson(source);
    const env = isRecord(root) && isRecord(root.env) ? root.env : {};
    const items = Object.entries(env).map(([name, entry]) => {
      const value = typeof entry === 'string' ? entry : isRecord(entry) && entry.value !== undefined ? String(entry.value) : null;
      const required = isRecord(entry) ? entry.required !== false && value === null && entry.generator === undefined : false;
      return envItem({ path: source.path, line: placeOf(['env', name]).line }, name, 'documented', {
        value,
        required,
        where: 'platform',
        variant: source.file.variant,
      });
    });
    return { items };
  },
};

const cellsOf = (row: string): string[] =>
  row
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim());

/** Which column of a table holds the variables, where flags or keys of a file stand first: by its heading; 0 outside of such tables. */
function columnOfVariables(line: string, above: string, column: number): number {
  if (!line.includes('|')) return 0;
  if (!/^[\s|:-]*-[\s|:-]*$/.test(line)) return column;
  return Math.max(
    0,
    cellsOf(above.slice(0, 2_000)).findIndex((cell) => /^(?:env(?:ironment)?(?: ?var(?:iable)?s?)?|variables?)\b/i.test(cell)),
  );
}

/** Documents: names in table rows, in code (`NAME=value`), and as list entries that begin with the name. */
export const documents: Reader = {
  name: 'env-variables/documents',
  kind: 'env-variables',
  files: {
    paths: [
      'README*',
      'CONTRIBUTING*',
      'INSTALL*',
      'SETUP*',
      'DEPLOY*',
      'DEVELOPMENT*',
      '*[Cc]onfig*.{md,rst,adoc}',
      '*[Ee]nv*.{md,rst,adoc}',
      '*[Dd]eploy*.{md,rst,adoc}',
      '*[Ii]nstall*.{md,rst,adoc}',
      '{docs,doc,documentation}/**/*.{md,rst,adoc}',
    ],
    roles: ['docs'],
    variants: ['base', 'production', 'staging', 'template'],
  },
  keywords: ['env', 'variable', 'config', 'export '],
  read(source: Source) {
    const items = new Map<string, Item>();
    const lines = source.text.split('\n');
    let column = 0;
    for (let i = 0; i < lines.length && items.size < 500; i++) {
      const line = lines[i]!.slice(0, 2_000);
      column = columnOfVariables(line, lines[i - 1] ?? '', column);
      const beside = column > 0 ? /^[*`]*([A-Z][A-Z0-9_]{2,})[*`]*$/.exec(cellsOf(line)[column] ?? '')?.[1] : undefined;
      const row = /^\s*\|?\s*(?:(?:\*\*|`{1,2})?([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:\*\*|`{1,2})?|`([A-Z]{3,})`)\s*\|/.exec(line);
      const entry =
        /^\s*(?:[-*+]|\d+\.)\s+(?:\[[ x]\]\s*)?(?:(?:\*\*|`)+([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)|`([A-Z]{3,}))(?:=[^`]*)?(?:\*\*|`)+/.exec(
          line,
        );
      const assignment = /^\s*(?:[-*]\s+|\$\s+|-e\s+)?`{0,2}(?:export\s+|-e\s+|ENV\s+|set\s+)?([A-Z][A-Z0-9_]{2,})=([^\s`]*)/.exec(line);
      const name = row?.[1] ?? row?.[2] ?? beside ?? entry?.[1] ?? entry?.[2] ?? assignment?.[1];
      if (!name || items.has(name) || !upperName.test(name)) continue;
      items.set(
        name,
        envItem({ path: source.path, line: i + 1 }, name, 'documented', {
          value: assignment?.[2]?.replace(/^["']|["']$/g, '') ?? null,
          where: 'docs',
          variant: source.file.variant,
        }),
      );
    }
    return { items: [...items.values()] };
  },
};

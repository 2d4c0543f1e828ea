import type { Combiner, Item, Reader } from '../../../model/document.js';
import type { FileInfo } from '../../../model/file.js';
import type { Source } from '../../../model/source.js';

/** Migration files as the tools themselves name them, one item a file; `migrations` joins them to one history a folder. */
interface Named {
  readonly tool: string;
  readonly id: string;
  /** Ids that it comes after, where the file says so; null where the order is that of the names. */
  readonly after: readonly string[] | null;
}

const roles = ['product', 'config', 'script', 'other', 'generated'] as const;
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
const stem = (path: string): string => nameOf(path).replace(/\.\w+$/, '');
/** 001 and 1 are one version to the tools that count. */
const counted = (digits: string): string => digits.replace(/^0+(?=\d)/, '');

function reader(name: string, paths: readonly string[], keywords: readonly string[], read: (source: Source) => Named | null): Reader {
  return {
    name: `migrations/${name}`,
    kind: 'migrations',
    files: { paths, roles },
    keywords,
    read(source) {
      const found = read(source);
      return found ? { items: [{ path: source.path, line: 1, ...found, after: found.after && [...found.after] }] } : {};
    },
  };
}

const quoted = (text: string): string[] => [...text.matchAll(/['"]([\w.-]+)['"]/g)].map((m) => m[1] as string);

/** https://alembic.sqlalchemy.org/en/latest/tutorial.html#create-a-migration-script */
const alembic = reader('alembic', ['**/versions/*.py'], ['down_revision'], ({ code }) => {
  const id = /^revision\b[^=\n]*=\s*['"]([\w.-]+)['"]/m.exec(code)?.[1];
  const after = /^down_revision\b[^=\n]*=\s*(\([^)]*\)|\[[^\]]*\]|[^\n]*)/m.exec(code)?.[1] ?? '';
  return id === undefined ? null : { tool: 'alembic', id, after: quoted(after) };
});

/** Squashed ones are applied by way of those that they replace. */
const django = reader('django', ['**/migrations/[0-9]*.py'], ['migrations.Migration'], ({ path, code }) => {
  if (/^\s*replaces\s*=/m.test(code)) return null;
  const app = nameOf(folderOf(folderOf(path)));
  return app === '' ? null : { tool: 'django', id: `${app}.${stem(path)}`, after: null };
});

/** https://tortoise.github.io/migration.html: a folder for each application; the table holds its name and the file's. */
const aerich = reader('aerich', ['**/migrations/**/[0-9]*.py'], ['BaseDBAsyncClient'], ({ path, code }) =>
  /^async def upgrade\b/m.test(code) ? { tool: 'aerich', id: `${nameOf(folderOf(path))}/${nameOf(path)}`, after: null } : null,
);

const scripts = ['js', 'ts', 'mjs', 'cjs'].flatMap((end) => [`**/migrations/**/*.${end}`, `**/migration/**/*.${end}`]);
const script = reader('javascript', scripts, ['queryInterface', 'MigrationInterface', 'knex', 'pgm.'], ({ path, code }) => {
  const entity = /\bclass\s+(\w+)\s+implements\s+MigrationInterface\b/.exec(code)?.[1];
  if (entity) return { tool: 'typeorm', id: /^\s*(?:readonly\s+)?name\s*=\s*['"](\w+)['"]/m.exec(code)?.[1] ?? entity, after: null };
  if (!/^\d/.test(nameOf(path)) || !/\bup\b/.test(code)) return null;
  const tool = /\bqueryInterface\b/.test(code)
    ? 'sequelize'
    : /\bknex\b/i.test(code)
      ? 'knex'
      : /\bpgm\./.test(code)
        ? 'node-pg-migrate'
        : null;
  return tool && { tool, id: stem(path), after: null };
});

/** Its marks are comments. */
const goose = reader('goose', ['**/*.sql'], ['+goose'], ({ path, text }) => {
  const id = /^\d+/.exec(nameOf(path))?.[0];
  return id !== undefined && /^--\s*\+goose\s+Up\b/im.test(text) ? { tool: 'goose', id: counted(id), after: null } : null;
});

export const migrationReaders: readonly Reader[] = [alembic, django, aerich, script, goose];

/** Tools whose files are told by their names alone. */
const byName: readonly { tool: string; path: RegExp; id: (match: RegExpExecArray) => string }[] = [
  { tool: 'rails', path: /(?:^|\/)db\/migrate\/(\d+)_\w+\.rb$/, id: (m) => counted(m[1] as string) },
  { tool: 'flyway', path: /(?:^|\/)V(\d+(?:[._]\d+)*)__[^/]*\.(?:sql|java|kt)$/, id: (m) => (m[1] as string).replaceAll('_', '.') },
  { tool: 'prisma', path: /(?:^|\/)migrations\/(\d{14}_[^/]*|\d+_init)\/migration\.sql$/, id: (m) => m[1] as string },
  { tool: 'laravel', path: /(?:^|\/)database\/migrations\/(\d{4}_\d\d_\d\d_\d{6}_\w+)\.php$/, id: (m) => m[1] as string },
  { tool: 'ef-core', path: /(?:^|\/)(\d{14}_\w+)\.cs$/, id: (m) => m[1] as string },
  { tool: 'golang-migrate', path: /(?:^|\/)(\d+)_[^/]*\.up\.sql$/, id: (m) => counted(m[1] as string) },
];

/** Tools whose table holds only where the history stands. */
const headOnly = new Set(['alembic', 'golang-migrate']);
const aside = new Set(['test', 'sample', 'docs', 'vendored']);

/** One item for each tool and folder: all ids, and those that the tool's table must hold when everything is applied. */
export const migrationHistories: Combiner = {
  kind: 'migrations',
  combine(items, { files }) {
    const histories = new Map<string, { tool: string; folder: string; members: (Named & { path: string })[] }>();
    for (const member of [...items.map(readItem), ...files.flatMap(namedFile)]) {
      // Prisma has a folder for each migration.
      const folder = member.tool === 'prisma' ? folderOf(folderOf(member.path)) : folderOf(member.path);
      const key = `${member.tool}\n${folder}`;
      const history = histories.get(key) ?? { tool: member.tool, folder, members: [] };
      history.members.push(member);
      histories.set(key, history);
    }
    const count = (tool: string) => [...histories.values()].filter((h) => h.tool === tool).length;
    return [...histories.values()]
      .sort((a, b) => (`${a.folder}\n${a.tool}` < `${b.folder}\n${b.tool}` ? -1 : 1))
      .map(({ tool, folder, members }) => {
        const sorted = [...members].sort((a, b) => (a.path < b.path ? -1 : 1));
        return {
          path: sorted.at(-1)!.path,
          line: 1,
          tool,
          name: `${tool} in ${folder || '.'}`,
          ids: [...new Set(sorted.map((m) => m.id))],
          required: requiredOf(tool, sorted),
          alone: count(tool) === 1,
        };
      });
  },
};

function requiredOf(tool: string, members: readonly Named[]): string[] {
  const ids = [...new Set(members.map((m) => m.id))];
  if (!headOnly.has(tool)) return ids;
  const before = new Set(members.flatMap((m) => m.after ?? []));
  if (members.some((m) => m.after)) return ids.filter((id) => !before.has(id));
  return ids.toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1)).slice(-1);
}

const readItem = (item: Item): Named & { path: string } => ({
  path: item.path,
  tool: String(item['tool']),
  id: String(item['id']),
  after: Array.isArray(item['after']) ? item['after'].map(String) : null,
});

function namedFile({ path, role }: FileInfo): (Named & { path: string })[] {
  if (aside.has(role)) return [];
  for (const { tool, path: pattern, id } of byName) {
    const match = pattern.exec(path);
    if (match) return [{ path, tool, id: id(match), after: null }];
  }
  return [];
}

import type { ConceptItem } from '../../../model/concepts.js';
import type { Combiner, Item, Json, Reader } from '../../../model/document.js';
import { record } from '../../json.js';

type Command = ConceptItem<'documented-commands'>;

/** Makefile targets and justfile recipes, as `target` items that the combiner consumes. */
const targets: Reader = {
  name: 'documented-commands/make',
  kind: 'documented-commands',
  files: { paths: ['Makefile', 'makefile', 'GNUmakefile', '*.mk'], roles: ['config', 'script', 'product', 'other'] },
  read(source) {
    const names = [...source.text.matchAll(/^([\w./ -]{1,200}?)\s*::?(?!=)/gm)].flatMap((m) => m[1]!.split(/\s+/));
    // A rule with a pattern or a variable for its target, or an include, can make anything.
    const open = /^(?:[^\t#\n]*%[^\n]*:|\$[({][^\n]*:(?!=)|-?include\b)/m.test(source.text);
    return { items: [{ path: source.path, line: 1, targets: [...new Set(names)].slice(0, 500), open } as Item] };
  },
};

/** Scripts of package.json. */
const scripts: Reader = {
  name: 'documented-commands/npm',
  kind: 'documented-commands',
  files: { paths: ['package.json'], except: ['**/node_modules/**'] },
  read(source) {
    try {
      const root = JSON.parse(source.text) as Json;
      return { items: [{ path: source.path, line: 1, scripts: Object.keys(record(record(root).scripts)).slice(0, 500) } as Item] };
    } catch {
      // What is no JSON is a problem of the reader of that format; here it means that nothing is known about scripts.
      return { items: [{ path: source.path, line: 1, scripts: ['*'] } as Item] };
    }
  },
};

export const documentedCommandReaders: readonly Reader[] = [targets, scripts];

const guides = /^(?:readme|contributing|develop\w*|hacking|getting[-_]started|setup|install\w*|local[-_]development)/;

/** Commands that READMEs and guides for developers give, with whether what they name is in the repository; null: cannot be told. */
export const documentedCommandsCombiner: Combiner = {
  kind: 'documented-commands',
  uses: ['prose'],
  combine(items, all) {
    const packages = items.filter((i) => Array.isArray(i.scripts));
    const scripts = new Set(packages.flatMap((i) => i.scripts as string[]));
    const makefiles = items.filter((i) => Array.isArray(i.targets));
    const known = new Set(makefiles.flatMap((i) => i.targets as string[]));
    const open = makefiles.some((i) => i.open === true);
    const paths = all.files.map((f) => f.path);
    const found: Item[] = [];
    const seen = new Set<string>();
    // Sections hold the code of their subsections: the deepest first, so that a command is placed as closely as possible.
    const sections = all.items('prose').filter((s) => guides.test(String(s.document)));
    for (const section of [...sections].sort((a, b) => Number(b.level) - Number(a.level))) {
      for (const line of String(section.code).split('\n')) {
        for (const [kind, name, exists] of named(
          line,
          scripts,
          packages.length === 0 || scripts.has('*'),
          known,
          makefiles.length,
          open,
          paths,
        )) {
          const key = `${section.path}|${kind}|${name}`;
          if (seen.has(key) || found.length >= 300) continue;
          seen.add(key);
          found.push({
            path: section.path,
            line: section.line,
            command: line.trim().slice(0, 200),
            kind,
            name,
            exists,
          } satisfies Command as unknown as Item);
        }
      }
    }
    return found;
  },
};

type Named = [Command['kind'], string, boolean | null];

function named(
  line: string,
  scripts: ReadonlySet<string>,
  anyScript: boolean,
  made: ReadonlySet<string>,
  makefiles: number,
  open: boolean,
  paths: readonly string[],
): Named[] {
  const found: Named[] = [];
  const text = line.replace(/(?:^|\s)#.*$/, '');
  for (const match of text.matchAll(/\b(?:npm|pnpm|yarn|bun) run (?:-\S+ )*([\w:.-]+)/g))
    found.push(['script', match[1]!, anyScript ? null : scripts.has(match[1]!)]);
  for (const match of text.matchAll(/(?:^|[;&$]\s*|\s&&\s)make ((?:[\w-]+ ?){1,4})$/g))
    for (const name of match[1]!.trim().split(/\s+/)) found.push(['target', name, makefiles === 0 || open ? null : made.has(name)]);
  for (const match of text.matchAll(/(?:^|[\s;&])(?:bash |sh |\.\/)((?:[\w-]+\/)+[\w.-]+\.sh)\b/g))
    found.push(['file', match[1]!, paths.some((p) => p === match[1] || p.endsWith(`/${match[1]!}`))]);
  return found;
}

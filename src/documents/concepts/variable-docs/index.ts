import type { ConceptItem } from '../../../model/concepts.js';
import type { Combiner, Item, Reader } from '../../../model/document.js';

type VariableDoc = ConceptItem<'variable-docs'>;

/** Set by the platform, the shell or the framework's own tools, so that nobody has to explain them. */
const foreign =
  /^(?:PORT|HTTPS?_PROXY|NO_PROXY|HOME|PATH|PWD|USER|SHELL|TZ|LANG|LC_\w+|TERM|CI|HOSTNAME|TMPDIR|TEMP|NODE_ENV|RAILS_ENV|RACK_ENV|APP_ENV|DJANGO_SETTINGS_MODULE|PYTHON\w*|VIRTUAL_ENV|GITHUB_\w+|KUBERNETES_\w+|NEXT_RUNTIME|npm_\w+|ASPNETCORE_ENVIRONMENT|DOTNET_\w+|PIDFILE|RAILS_MAX_THREADS|RAILS_MIN_THREADS|RAILS_LOG_TO_STDOUT|RAILS_SERVE_STATIC_FILES|WEB_CONCURRENCY|CARGO_\w+|RUST_LOG|RUST_BACKTRACE|OUT_DIR|VERCEL\w*|DYNO)$/;
const necessity =
  /\b(?:required|optional|mandatory|obligatory|not needed|must be (?:set|changed|present|filled)|must set|need to (?:set|be set|change|populate)|only (?:need|used|required|if|when)|needed (?:if|when|for|only)|necessary|leave (?:it |this )?(?:empty|blank|unset)|if you (?:want|use|need|don't)|can be omitted|uncomment)/i;

interface Line {
  readonly name: string;
  readonly explained: boolean;
  readonly line: number;
}

/** Variables of an environment file, or of a block of such lines in a document: explained by a comment on the line or above its group. */
export function variablesOf(text: string): Line[] {
  const found: Line[] = [];
  let commented = false;
  for (const [i, line] of text.split('\n').entries()) {
    const match = /^\s*#?\s*(?:export\s+)?([A-Z][A-Z0-9_]{1,80})\s*=(.*)$/.exec(line);
    if (match) {
      const trailing = /\s#\s*(\S.*)$/.exec(match[2]!);
      found.push({ name: match[1]!, explained: commented || (trailing !== null && /\w{2,}\s+\w{2,}/.test(trailing[1]!)), line: i + 1 });
    } else if (/^\s*#/.test(line)) commented = commented || /[A-Za-z]{2,}[^A-Za-z]+[A-Za-z]{2,}|[A-Za-z]{4,}/.test(line);
    else if (line.trim() === '') commented = false;
  }
  return found;
}

const templates: Reader = {
  name: 'variable-docs/templates',
  kind: 'variable-docs',
  files: {
    paths: [
      '.env.example',
      '.env.sample',
      '.env.template',
      '.env.dist',
      'env.example',
      'example.env',
      'sample.env',
      'env.sample',
      '.env.*.example',
      '.env.example.*',
      '*.env.example',
      '*.env.sample',
      '*.env.template',
      '.env-example',
      '.env-sample',
    ],
    except: ['**/node_modules/**', '**/{test,tests,e2e,docs,examples}/**'],
    variants: ['base', 'production', 'staging', 'development', 'template'],
  },
  read(source) {
    const necessary = source.text.split('\n').some((line) => /#/.test(line) && necessity.test(line.slice(line.indexOf('#'))));
    return {
      items: variablesOf(source.text).map(
        (v) => ({ path: source.path, line: v.line, name: v.name, explained: v.explained, necessary, template: true }) as Item,
      ),
    };
  },
};

export const variableDocReaders: readonly Reader[] = [templates];

/** Words about a variable in a sentence, row or list entry that names it, other names of variables aside. */
function explains(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (/[a-z0-9_]/.test(text[at - 1] ?? ' ') || /[a-z0-9_]/.test(text[at + name.length] ?? ' ')) continue;
    const after = text.slice(at + name.length, at + name.length + 120).split(/\b[a-z][a-z0-9]*_[a-z0-9_]+\b/)[0]!;
    const before = text
      .slice(Math.max(0, at - 80), at)
      .split(/[.;]\s|\b[a-z][a-z0-9]*_[a-z0-9_]+\b/)
      .at(-1)!;
    if ((after.match(/[a-z]{2,}/g) ?? []).length >= 3 || (before.match(/[a-z]{2,}/g) ?? []).length >= 3) return true;
  }
  return false;
}

const leaf = (section: Item, next: Item | undefined): boolean =>
  next === undefined || next.path !== section.path || Number(next.level) <= Number(section.level);

/** The text of a section without its subsections, as far as these can be told apart. */
function ownText(section: Item, next: Item | undefined): string {
  const text = String(section.text);
  if (leaf(section, next)) return text;
  const end = text.indexOf(String(next!.heading).toLowerCase());
  return end < 0 ? '' : text.slice(0, end);
}

/** One item a variable that somebody who runs the software may set: those of the template, or without one those that code reads. */
export const variableDocsCombiner: Combiner = {
  kind: 'variable-docs',
  uses: ['prose', 'env-variables'],
  combine(items, all) {
    const read = all
      .items('env-variables')
      .filter(
        (i) =>
          i.origin === 'read' &&
          ['base', 'production'].includes(String(i.variant)) &&
          (i.where === 'code' || i.where === 'settings') &&
          /^[A-Z]/.test(String(i.name)) &&
          !foreign.test(String(i.name)),
      );
    const candidates = items.length > 0 ? items : read;
    const byName = new Map<string, Item>();
    for (const i of candidates)
      if (!foreign.test(String(i.name)) && (!byName.get(String(i.name)) || i.explained === true)) byName.set(String(i.name), i);
    const names = [...byName.keys()].map((name) => name.toLowerCase());
    const prose = all.items('prose').filter((s) => !/^(?:changelog|history|news|changes)/.test(String(s.document)));
    // Only the sections that name a variable, each with its own text.
    const texts = prose
      .map((s, i) => ({
        text: `${String(s.heading).toLowerCase()} ${ownText(s, prose[i + 1])}`,
        code: leaf(s, prose[i + 1]) ? String(s.code) : '',
      }))
      .filter(({ text, code }) => names.some((n) => text.includes(n) || code.toLowerCase().includes(n)));
    // Commented lines of a block, or a few lines that a paragraph introduces.
    const inCode = new Set(
      texts.flatMap(({ text, code }) => {
        const set = variablesOf(code);
        const introduced = set.length > 0 && set.length <= 4 && text.split(' ').length >= 20;
        return set.filter((v) => v.explained || introduced).map((v) => v.name.toLowerCase());
      }),
    );
    const necessary =
      items.some((i) => i.necessary === true) ||
      texts.some(({ text, code }) => {
        const named = names.filter((n) => text.includes(n) || code.toLowerCase().includes(n)).length;
        return (
          named >= Math.min(2, names.length) &&
          (necessity.test(text) || code.split('\n').some((line) => line.includes('#') && necessity.test(line.slice(line.indexOf('#')))))
        );
      });
    // Where a platform tells every program to listen is none of its own settings.
    const distinct = new Set(read.map((i) => String(i.name)).filter((name) => !/^(?:PORT|HOST)$/.test(name))).size;
    return [...byName].slice(0, 300).map(([name, i]) => {
      const lower = name.toLowerCase();
      const explained = i.explained === true || inCode.has(lower) || texts.some(({ text }) => explains(text, lower));
      return {
        path: i.path,
        line: i.line,
        name,
        explained,
        necessary,
        template: i.template === true,
        read: Math.max(distinct, items.length > 0 ? Math.min(byName.size, distinct) : 0),
        variant: 'base',
      } satisfies VariableDoc as unknown as Item;
    });
  },
};

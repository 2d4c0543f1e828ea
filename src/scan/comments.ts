import type { Language } from '../model/file.js';
import { blankRanges, type Lexer } from './lexers/ranges.js';
import { cLike, javaScript, rust } from './lexers/c-like.js';
import { python } from './lexers/python.js';
import { ruby } from './lexers/ruby.js';
import { shell, makefile } from './lexers/shell.js';
import { dockerfile, hcl, ini, nginx, properties, toml, yaml } from './lexers/config.js';
import { markup, php, withScripts } from './lexers/markup.js';

const c = cLike({});
const jsonWithComments = cLike({ single: 'none' });
const sql: Lexer = cLike({ line: '--', single: 'multi', escape: false });
const css = cLike({ line: 'none', single: 'line' });
const scss = cLike({ url: true, single: 'line' });
const kotlin = cLike({ nested: true, triple: ['"""'] });
const groovy = cLike({ triple: ['"""', "'''"] });
const html = withScripts(markup({ templates: true }), javaScript, css);
const component = withScripts(markup({ templates: false }), javaScript, css);

const byLanguage: Record<Language, Lexer> = {
  python,
  ruby,
  rust,
  php,
  shell,
  sql,
  css,
  html,
  kotlin,
  c,
  cpp: c,
  javascript: javaScript,
  typescript: javaScript,
  tsx: javaScript,
  vue: component,
  svelte: component,
  go: cLike({ backtick: true }),
  java: cLike({ triple: ['"""'] }),
  csharp: cLike({ triple: ['"""'], verbatim: true }),
  scala: cLike({ nested: true, triple: ['"""'] }),
  swift: cLike({ nested: true, triple: ['"""'], single: 'none' }),
  dart: cLike({ nested: true, triple: ['"""', "'''"] }),
  elixir: ruby,
};

const byEnding: Record<string, Lexer> = {
  yml: yaml,
  yaml,
  toml,
  ini,
  cfg: ini,
  conf: nginx,
  properties,
  env: ini,
  tf: hcl,
  tfvars: hcl,
  hcl,
  nomad: hcl,
  sh: shell,
  bash: shell,
  zsh: shell,
  fish: shell,
  ps1: shell,
  bats: shell,
  mk: makefile,
  dockerfile,
  html,
  htm: html,
  xml: markup({}),
  svg: markup({}),
  xhtml: html,
  jinja: html,
  j2: html,
  jinja2: html,
  twig: html,
  erb: html,
  ejs: html,
  hbs: html,
  handlebars: html,
  mustache: html,
  liquid: html,
  cshtml: html,
  razor: html,
  jsp: html,
  csproj: markup({}),
  props: markup({}),
  targets: markup({}),
  config: markup({}),
  md: markup({}),
  mdx: markup({}),
  gradle: groovy,
  groovy,
  jenkinsfile: groovy,
  kts: kotlin,
  scss,
  less: scss,
  sass: scss,
  sql,
  css,
  jsonc: jsonWithComments,
  json5: c,
  proto: c,
  prisma: c,
  graphql: cLike({ line: '#', block: false, triple: ['"""'] }),
  gql: cLike({ line: '#', block: false, triple: ['"""'] }),
  mts: javaScript,
  cts: javaScript,
  mjs: javaScript,
  cjs: javaScript,
  pyi: python,
  rake: ruby,
  gemspec: ruby,
  ru: ruby,
  service: ini,
  timer: ini,
  socket: ini,
  lua: cLike({ line: '--', block: false }),
  pl: ruby,
  r: shell,
  ex: ruby,
  exs: ruby,
  service_file: ini,
  vcl: c,
  bicep: c,
  cue: c,
  rego: shell,
  nix: shell,
  awk: shell,
};

const byName: [RegExp, Lexer][] = [
  [/^(?:.*\.)?(?:dockerfile|containerfile)(?:\..*)?$/i, dockerfile],
  [/^(?:gnu)?makefile(?:\..*)?$/i, makefile],
  [/^(?:gemfile|rakefile|vagrantfile|guardfile|capfile|podfile|fastfile|brewfile|dangerfile|puppetfile|berksfile)$/i, ruby],
  [/^jenkinsfile(?:\..*)?$/i, groovy],
  [
    /^(?:tsconfig|jsconfig)(?:\..*)?\.json$|^\.(?:eslintrc|babelrc|swcrc|jshintrc)(?:\.json)?$|^(?:devcontainer|renovate|deno)\.json$/,
    jsonWithComments,
  ],
  [/^\.env(?:\..*)?$|^\.?env\.(?:example|sample|template|dist|prod|production|dev|local)$/i, ini],
  [
    /^(?:caddyfile|justfile|procfile|haproxy\.cfg|pg_hba\.conf|redis\.conf|crontab|requirements.*\.txt|constraints.*\.txt|\.dockerignore|\.gitignore|\.gitattributes|\.npmrc|codeowners|\.editorconfig)(?:\..*)?$/i,
    nginx,
  ],
  [/^(?:setup\.cfg|tox\.ini|pipfile|\.coveragerc|\.flake8|\.pylintrc|my\.cnf|supervisord\.conf|php\.ini|gitleaks\.toml)$/i, ini],
];

/** Suffixes that say nothing about the syntax: `nginx.conf.template`, `docker-compose.yml.j2`. */
const wrapping = /\.(?:template|tmpl|tpl|j2|jinja2?|example|sample|dist|local|orig|in)$/i;

/**
 * Replaces comments by spaces: same length, same line ends. Strings are respected. Python docstrings count as comments.
 * The language decides, else the file's name; a file of no known syntax, plain JSON included, comes back as it is. Linear in
 * the text's length, never throws.
 */
export function blankComments(text: string, path: string, language: Language | null = null): string {
  const lexer = lexerOf(path, language);
  return lexer ? blankRanges(text, lexer(text)) : text;
}

function lexerOf(path: string, language: Language | null): Lexer | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (language) return language === 'css' && /\.(?:scss|less|sass)$/i.test(name) ? scss : byLanguage[language];
  const named = byName.find(([pattern]) => pattern.test(name));
  if (named) return named[1];
  const bare = name.replace(wrapping, '');
  const inner = bare !== name ? lexerOf(bare, null) : null;
  return inner ?? byEnding[name.slice(name.lastIndexOf('.') + 1).toLowerCase()] ?? null;
}

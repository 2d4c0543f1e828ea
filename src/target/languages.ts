import type { Language } from '../model/file.js';

/** Programming languages by extension; null: one that has no name here, still source code. */
export const sourceExtensions: ReadonlyMap<string, Language | null> = new Map<string, Language | null>([
  ...list('python', 'py pyi pyw'),
  ...list('javascript', 'js mjs cjs jsx'),
  ...list('typescript', 'ts mts cts'),
  ...list('tsx', 'tsx'),
  ...list('go', 'go'),
  ...list('java', 'java'),
  ...list('kotlin', 'kt kts'),
  ...list('ruby', 'rb rake ru jbuilder'),
  ...list('php', 'php phtml'),
  ...list('csharp', 'cs'),
  ...list('rust', 'rs'),
  ...list('shell', 'sh bash zsh ksh'),
  ...list('sql', 'sql'),
  ...list('scala', 'scala sc'),
  ...list('c', 'c h'),
  ...list('cpp', 'cpp cc cxx hpp hh hxx'),
  ...list('swift', 'swift'),
  ...list('elixir', 'ex exs'),
  ...list('dart', 'dart'),
  ...list('vue', 'vue'),
  ...list('svelte', 'svelte'),
  ...list(null, 'fs fsx vb groovy lua pl pm r erl hs clj cljs cljc jl zig nim m mm ml fish ps1 psm1 bat cmd astro cr d pas asm sol'),
]);

/** Markup rendered for people, and its styles. */
export const markupExtensions: ReadonlyMap<string, Language | null> = new Map<string, Language | null>([
  ...list('html', 'html htm xhtml gohtml'),
  ...list('css', 'css scss sass less styl'),
  ...list(
    null,
    'jinja jinja2 ejs pug jade hbs handlebars mustache twig cshtml vbhtml razor haml slim liquid njk jsp jspx ftl eta heex leex eex',
  ),
]);

export const docExtensions: ReadonlySet<string> = new Set('md mdx markdown rst adoc asciidoc txt text org textile pdf docx'.split(' '));

export const configExtensions: ReadonlySet<string> = new Set(
  (
    'yaml yml json jsonc json5 toml ini cfg conf config properties xml env tf tfvars hcl tofu bicep gradle csproj fsproj vbproj sln slnx props targets ' +
    'gemspec service timer socket mount nginx vhost htaccess rules rego cue jsonnet libsonnet bzl bazel star mk cmake proto graphql gql prisma avsc xsd ' +
    'wsdl plist cron crontab neon editorconfig ru_config pem key pub crt cer asc cnf caddyfile dockerfile containerfile nomad policy sentinel nix dhall ' +
    'pkr lock tpl edn webmanifest tmtheme resx xaml manifest appxmanifest slnf http jwk jmx jsonl ovpn network'
  ).split(' '),
);

/** Names without an extension that say what they are (lower case). */
export const configNames: ReadonlySet<string> = new Set(
  (
    'makefile gnumakefile procfile caddyfile vagrantfile tiltfile earthfile justfile brewfile podfile fastfile appfile capfile dangerfile gemfile pipfile ' +
    'codeowners crontab build workspace hosts pkgfile cartfile puppetfile berksfile cheffile steepfile guardfile bakefile htpasswd'
  ).split(' '),
);

export const docNames: ReadonlySet<string> = new Set(
  'readme license licence copying notice authors contributors changelog changes history news install security contributing maintainers todo version patents'.split(
    ' ',
  ),
);

/** Started or included by name, whatever their extension. */
export const sourceNames: ReadonlyMap<string, Language> = new Map<string, Language>([
  ['artisan', 'php'],
  ['rakefile', 'ruby'],
  ['entrypoint', 'shell'],
  ['docker-entrypoint', 'shell'],
]);

function list(language: Language | null, extensions: string): [string, Language | null][] {
  return extensions.split(' ').map((extension) => [extension, language]);
}

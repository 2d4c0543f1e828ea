import type { Role, Variant } from '../model/file.js';

type Named = Exclude<Variant, 'base' | 'template'>;

const words: ReadonlyMap<string, Named> = new Map<string, Named>([
  ...of('development', 'dev develop development local localhost devel debug'),
  ...of('test', 'test tests testing ci e2e'),
  ...of('staging', 'staging stage stg preprod preproduction uat qa'),
  ...of('production', 'prod production prd live'),
]);
/** Words that name a variant only in some places: `stage`, `debug`, `live` ... are ordinary words elsewhere. */
const loose: ReadonlySet<string> = new Set('debug live stage ci tests localhost devel qa e2e develop'.split(' '));
const order: readonly Named[] = ['test', 'development', 'staging', 'production'];

const settingsWords: ReadonlySet<string> = new Set(
  'settings setting config configs conf configuration environment environments env envs'.split(' '),
);
const besideSettings: ReadonlySet<string> = new Set('default base app application server db database django web common js ts'.split(' '));
/** Folders whose children may be variants. */
const variantParents: ReadonlySet<string> = new Set(
  (
    'overlays overlay environments environment env envs k8s kubernetes kube deploy deployment deployments helm infra infrastructure terraform tofu inventories ' +
    'inventory config configs conf settings values kustomize stages clusters argocd flux compose docker manifests resources live stacks tfvars vars group_vars'
  ).split(' '),
);
const settingsParents: ReadonlySet<string> = new Set(
  'config configs settings environments environment env envs conf configuration'.split(' '),
);

/** Families of files in which every part of the name may name the variant. */
const family =
  /^(?:\.?env(?:rc)?|dotenv|(?:docker[-_.]?)?compose|application|bootstrap|appsettings|values|settings|config|dockerfile|containerfile|kustomization|web|app|docker|stack)(?=[-_.]|$)|[-_.](?:compose|values|settings|config|dockerfile|env)(?:[-_.]|$)/i;
const compose = /(?:^|[-_.])compose(?=[-_.])/i;

/** A developer's own surroundings. */
const developmentFolders: ReadonlySet<string> = new Set([
  '.devcontainer',
  '.vscode',
  '.idea',
  '.vagrant',
  '.gitpod',
  '.codesandbox',
  '.stackblitz',
]);

const templateWord = /(?:^|[-_.])(?:examples?|samples?|template|dist|tmpl\.example)(?=[-_.]|$)/i;
/** Files that software renders when it starts, or that tools read under this very name: in use, not to be copied. */
const liveTemplate =
  /\.(?:conf|cfg|vcl|cnf)\.template$|(?:^|[-_.])nginx[-_.].*template|^\.?(?:phpunit|phpstan|phpcs|php-cs-fixer|psalm|infection|rector|ecs)\b|^(?:sam-|cfn-|cloudformation-)?template\.(?:ya?ml|json)$|(?:cfn|cloudformation|sam)[-_.]/i;
const settingsLikeSource =
  /(?:^|[-_.])(?:settings?|config|configuration|conf|env|environment|secrets?|credentials?|local|constants|keys)(?=[-_.])/i;

function of(variant: Named, names: string): [string, Named][] {
  return names.split(' ').map((name) => [name, variant]);
}

const pick = (found: readonly Named[]): Named | null => order.find((variant) => found.includes(variant)) ?? null;

const tokensOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[-_.]+/)
    .filter((token) => token !== '');

/** The variant that a folder stands for: overlays/prod, environments/staging-eu, compose/local, .envs/.production, .devcontainer. */
export function folderVariant(name: string, parent: string, atRoot: boolean): Named | null {
  if (developmentFolders.has(name)) return 'development';
  const plain = name.replace(/^\./, '').toLowerCase();
  const parentName = parent.replace(/^\./, '').toLowerCase();
  if (variantParents.has(parentName)) {
    const whole = words.get(plain);
    if (whole) return whole;
    return /^(?:overlays?|environments?|envs?|clusters|stages|inventories)$/.test(parentName)
      ? pick(tokensOf(plain).flatMap((t) => words.get(t) ?? []))
      : null;
  }
  return atRoot && !loose.has(plain) && plain !== 'test' ? (words.get(plain) ?? null) : null;
}

/**
 * The variant that a file's name tells, within a folder named `folder` (its last segment): convention `production-variant`.
 * Workflows and documents have none; source files only where their name is one of settings.
 */
export function variantOf(name: string, folder: string, role: Role, inherited: Named | null): Variant {
  const source = role === 'product' || role === 'script';
  // Tests are told by their role; a variant would hide them from whoever asks for tests.
  if (role === 'test' || role === 'ci' || role === 'generated' || role === 'vendored' || role === 'other' || role === 'template')
    return 'base';
  if (role === 'docs')
    return /[-_.]template\.\w+$|^(?:issue|pull_request)_template/i.test(name) || /^(?:issue|pull_request)_template$/i.test(folder)
      ? 'template'
      : 'base';
  if (templateWord.test(name) && !liveTemplate.test(name) && (!source || settingsLikeSource.test(name))) return 'template';
  const own = source ? sourceVariant(name, folder) : configVariant(name);
  if (own) return own;
  if (inherited && source && !settingsParents.has(folder) && !settingsWords.has(tokensOf(stem(name))[0] ?? '') && !isVariantFolder(folder))
    return 'base';
  return inherited ?? 'base';
}

const isVariantFolder = (folder: string): boolean => words.has(folder.toLowerCase().replace(/^\./, ''));
const stem = (name: string): string => name.replace(/(?<=.)\.[A-Za-z0-9]+$/, '');

function sourceVariant(name: string, folder: string): Named | null {
  const dotted = /\.([a-z0-9]+)\.[a-z0-9]+$/i.exec(name)?.[1]?.toLowerCase();
  if (dotted && words.has(dotted) && !loose.has(dotted)) return words.get(dotted) ?? null;
  const tokens = tokensOf(stem(name));
  const found = tokens.flatMap((token) => words.get(token) ?? []);
  if (found.length === 0) return null;
  const settingsNamed =
    tokens.some((t) => settingsWords.has(t)) && tokens.every((t) => settingsWords.has(t) || words.has(t) || besideSettings.has(t));
  const inSettings = settingsParents.has(folder.toLowerCase()) && tokens.every((t) => words.has(t) || besideSettings.has(t));
  return settingsNamed || inSettings ? pick(found) : null;
}

function configVariant(name: string): Named | null {
  const lower = name.toLowerCase();
  if (lower === '.envrc' || lower === 'vagrantfile' || lower === 'tiltfile') return 'development';
  const isCompose = compose.test(lower) || lower.startsWith('compose');
  const isFamily = family.test(lower);
  const tokens = tokensOf(
    /^\.?(?:env|dockerfile|procfile)|^(?:docker)file/i.test(name) || !/\.[A-Za-z0-9]+$/.test(name) ? name : stem(name),
  );
  const found: Named[] = [];
  tokens.forEach((token, index) => {
    const variant = words.get(token);
    if (!variant) return;
    const last = index === tokens.length - 1;
    if (isFamily || (last && (!loose.has(token) || tokens.length > 1)) || (index === 0 && !loose.has(token) && token !== 'local'))
      found.push(variant);
  });
  if (isCompose && tokens.some((t) => t === 'deploy' || t === 'release')) found.push('production');
  if (/^(?:web|app)\.release\.config$/.test(lower)) found.push('production');
  if (found.length === 0 && isCompose && tokens.includes('override')) found.push('development');
  return pick(found);
}

import type { Document } from '../../../model/document.js';
import type { FileInfo } from '../../../model/file.js';
import type { ComposeFile, ComposeService } from '../../formats/compose.js';
import { at, baseName, folderOf, joinPath, list, text } from '../../json.js';

/** What the decision needs beside the Compose files themselves. */
export interface ComposeContext {
  readonly files: readonly FileInfo[];
  readonly dockerfiles: readonly Document[];
  /** Paths of Compose files that a comment or a document calls development, local or testing only. */
  readonly developmentOnly: ReadonlySet<string>;
  /** Whether a service of the file at this path runs this repository's software. */
  owns(path: string, service: ComposeService): boolean;
}

const excluded = /(?:^|[._-])(?:dev(?:el(?:opment)?)?|local|tests?|testing|ci|override|e2e|debug|example|sample|demo)(?:[._-]|$)/i;
const named = /prod|deploy|release/i;
const baseFile = /^(?:docker-)?compose\.ya?ml$/i;
const devServer =
  /--reload\b|\brunserver(?:_plus)?\b|\bnodemon\b|\b(?:npm|yarn|pnpm|bun)(?: run)? (?:start:)?(?:dev|develop|watch|serve)(?:[:\s]|$)|\bnext dev\b|\bnuxt dev\b|\b(?:ng|vue-cli-service) serve\b|\bvite(?:$|\s+(?!build|preview))|\bwebpack(?:-dev-server| serve)\b|\bts-node-dev\b|\btsx watch\b|\bfastapi dev\b|\bflask\b.*--debug\b|\bartisan serve\b|\bphp -S\b|\bdotnet watch\b|\bcargo watch\b|\bspring-boot:run\b|\bnode --watch\b|(?:^|[\s/])air(?:\s|$)|\bwatchmedo\b|\bquarkus:dev\b/;
const code = new Set([
  'python',
  'javascript',
  'typescript',
  'tsx',
  'go',
  'java',
  'kotlin',
  'ruby',
  'php',
  'csharp',
  'rust',
  'scala',
  'elixir',
  'vue',
  'svelte',
  'dart',
  'swift',
  'c',
  'cpp',
]);

/** Path of the Dockerfile that a service is built with, relative to the target; null without a local build. */
export function dockerfileOf(path: string, service: ComposeService): { context: string; dockerfile: string } | null {
  if (!service.build || /^(?:https?:|git@|git:)/.test(service.build.context)) return null;
  const context = joinPath(folderOf(path), service.build.context);
  if (context === null) return null;
  const dockerfile = joinPath(context, service.build.dockerfile || 'Dockerfile');
  return { context, dockerfile: dockerfile ?? '' };
}

/** What the service starts: its own command, else what its Dockerfile's last (or chosen) stage says. */
export function startOf(path: string, service: ComposeService, dockerfiles: readonly Document[]): string {
  const own = [service.entrypoint, service.command].filter(Boolean).join(' ');
  if (service.command !== '') return own;
  const file = dockerfileOf(path, service);
  const document = file ? dockerfiles.find((d) => d.path === file.dockerfile) : undefined;
  const stages = list(at(document?.root, 'stages'));
  const stage = stages.findLast((s) => text(at(s, 'name')) === service.build?.target && service.build.target !== '') ?? stages.at(-1);
  return [own, text(at(stage, 'entrypoint', 'text')), text(at(stage, 'cmd', 'text'))].filter(Boolean).join(' ');
}

/** Mounts a folder of the repository that holds source code. */
function mountsSource(path: string, service: ComposeService, files: readonly FileInfo[]): boolean {
  return service.volumes.some((volume) => {
    if (volume.kind !== 'bind') return false;
    const source = volume.source.replace(/^\$\{?PWD\}?/, '.');
    if (!source.startsWith('.')) return false;
    const folder = joinPath(folderOf(path), source);
    if (folder === null) return false;
    return files.some(
      (f) => f.role === 'product' && f.language !== null && code.has(f.language) && (folder === '' || f.path.startsWith(`${folder}/`)),
    );
  });
}

const isRunnable = (root: ComposeFile): boolean =>
  Object.values(root.services).some((s) => s.image !== '' || s.build !== null || s.extends !== null);

/**
 * The Compose files that describe production; the trait `production-compose` of the catalogue's terms to the letter: those whose name
 * contains prod, production, deploy or release; or, when no file is so named, the base file, provided at least one service runs this
 * repository's software, no such service mounts the source tree or starts a development server, and nothing says that the file is for
 * development, local use or testing only. Files named dev, local, test, ci, override or e2e never count. What such a file includes counts with it.
 */
export function productionComposeFiles(documents: readonly Document[], context: ComposeContext): ReadonlySet<string> {
  const rootOf = (document: Document): ComposeFile => document.root as unknown as ComposeFile;
  const roles = new Map(context.files.map((f) => [f.path, f.role]));
  const candidates = documents.filter(
    (d) =>
      !excluded.test(baseName(d.path)) &&
      !['test', 'sample', 'docs'].includes(roles.get(d.path) ?? '') &&
      !/(?:^|\/)\.devcontainer\//.test(d.path) &&
      isRunnable(rootOf(d)),
  );
  const production = candidates.filter((d) => named.test(baseName(d.path)) || rootOf(d).productionNamed);
  const chosen =
    production.length > 0
      ? production
      : candidates.filter((d) => {
          if (!baseFile.test(baseName(d.path)) || context.developmentOnly.has(d.path)) return false;
          const own = Object.values(rootOf(d).services).filter((s) => s.profiles.length === 0 && context.owns(d.path, s));
          return (
            own.length > 0 &&
            !own.some(
              (s) =>
                mountsSource(d.path, s, context.files) ||
                /^dev(?:elop(?:ment)?)?$/i.test(s.build?.target ?? '') ||
                devServer.test(startOf(d.path, s, context.dockerfiles)),
            )
          );
        });
  const paths = new Set(chosen.map((d) => d.path));
  const byPath = new Map(documents.map((d) => [d.path, d]));
  for (const path of paths)
    for (const include of byPath.has(path) ? rootOf(byPath.get(path)!).includes : []) if (paths.size < 200) paths.add(include);
  return paths;
}

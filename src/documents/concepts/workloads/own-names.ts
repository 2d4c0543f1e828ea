import type { Document, Reader, ReadResult } from '../../../model/document.js';
import { at, list, linedDocument, record, text, type JsonMap } from '../../json.js';

/** Names that any repository may give its package: they say nothing of an image. */
const anybodys = /^(?:src|app|docker|build|deploy|server|web|main|root|workspace|monorepo|project)$/;

const declared: readonly (readonly [file: RegExp, name: RegExp])[] = [
  [/(?:^|\/)package\.json$/, /^\s*"name"\s*:\s*"(?:@[\w.-]+\/)?([\w.-]+)"/m],
  [/(?:^|\/)go\.mod$/, /^module\s+(?:[^\s/]+\/)*?([\w.-]+)(?:\/v\d+)?\s*$/m],
  [/(?:^|\/)(?:pyproject|Cargo)\.toml$/, /^name\s*=\s*"([\w.-]+)"/m],
  [/(?:^|\/)pom\.xml$/, /<artifactId>\s*([\w.-]+)\s*<\/artifactId>/],
  [/(?:^|\/)settings\.gradle(?:\.kts)?$/, /^\s*rootProject\.name\s*=\s*["']([\w.-]+)["']/m],
];
/** Elements of a pom.xml that name other artifacts than its own. */
const others = /<!--[\s\S]*?-->|<(parent|dependencies|dependencyManagement|build|profiles|reporting)>[\s\S]*?<\/\1>/g;

/** The name that a manifest gives its package, `shop` for `@acme/shop` and `example.org/acme/shop/v2`: what its image is often called. */
export const packageNames: Reader = {
  name: 'workloads/package-names',
  kind: 'package-names',
  files: {
    paths: ['package.json', 'go.mod', 'pyproject.toml', 'Cargo.toml', 'pom.xml', 'settings.gradle', 'settings.gradle.kts'],
    roles: ['config', 'other', 'product'],
  },
  read(source): ReadResult {
    const pattern = declared.find(([file]) => file.test(source.path))?.[1];
    const text = source.text.slice(0, 200_000);
    const own = source.path.endsWith('pom.xml') ? text.replace(others, '') : text;
    const name = (pattern?.exec(own)?.[1] ?? '').toLowerCase();
    return name.length < 3 || anybodys.test(name) ? {} : { documents: [linedDocument('package-names', source.path, { name })] };
  },
};

const buildsImage = (step: JsonMap): boolean =>
  /docker\/(?:build-push-action|metadata-action|bake-action)/.test(text(step['uses'])) || runsBuild(text(step['run']));
const runsBuild = (command: string): boolean =>
  /\b(?:docker|podman|nerdctl|buildah|pack|ko) (?:buildx |image )?(?:build|bud|push|publish)/.test(command);

/** What names the images that the repository builds: steps and variables of the jobs that do, scripts and Make targets that do. */
export function builtImages(documents: (kind: string) => readonly Document[]): string {
  const jobs = [...documents('workflow'), ...documents('action')].flatMap((d) => {
    const whole = JSON.stringify(at(d.root, 'env') ?? '');
    const each = Object.values(record(at(d.root, 'jobs'))).map((job) => ({ env: `${whole} ${JSON.stringify(at(job, 'env') ?? '')}`, job }));
    return each.map(({ env, job }) => ({ env, steps: list(at(job, 'steps')).map(record) }));
  });
  // Of jobs that build images every step, since an earlier one may work the names out.
  const steps = jobs
    .filter((job) => job.steps.some(buildsImage))
    .flatMap((job) => [job.env, ...job.steps.map((step) => `${JSON.stringify(step['with'] ?? '')} ${text(step['run'])}`)]);
  const targets = documents('scripts')
    .flatMap((d) => Object.values(record(at(d.root, 'targets'))).map(text))
    .filter(runsBuild);
  return [...steps, ...targets].join('\n').toLowerCase().slice(0, 200_000);
}

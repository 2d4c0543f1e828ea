import type { Collected, Combiner, Item, Reader } from '../../../model/document.js';
import { folderOf } from '../../json.js';
import { django } from './django.js';
import { express, fastify, nextjs } from './node.js';
import { aspnet, go, streamlit } from './others.js';
import { laravel, symfony } from './php.js';
import { asgi, flask, flaskModule, pydantic } from './python-apps.js';
import { rails, railsYaml } from './rails.js';
import { spring } from './spring.js';

export const settingsReaders: readonly Reader[] = [
  django,
  flask,
  pydantic,
  asgi,
  spring,
  rails,
  railsYaml,
  laravel,
  symfony,
  aspnet,
  express,
  fastify,
  nextjs,
  go,
  streamlit,
];

/**
 * Resolves the production variant within each family of settings files: a profile that the deployment activates counts as
 * production, and a base value that production sets anew is left out. Modules that only look like Django's are dropped.
 */
export const settingsCombiner: Combiner = {
  kind: 'settings',
  uses: ['workloads', 'dockerfile', 'starts', 'dependencies'],
  combine(items, all) {
    const active = activeProfiles(items, all);
    const loadsFlask = items.some((item) => item.framework === 'flask' && !flaskModule.test(item.path));
    const libraries = dotnetLibraries(all);
    const families = new Map<string, Item[]>();
    for (const item of items) {
      if (item.framework === 'aspnet' && libraries.has(folderOf(item.path))) continue;
      if (item.framework === 'flask' && !loadsFlask) continue;
      const activated =
        typeof item.profile === 'string' &&
        item.variant === 'development' &&
        item.profile.split(/[\s,&|]+/).some((profile) => active.has(profile));
      const unused = item.profile === '__main__' && runsAnotherServer(item.path, all);
      const settled = activated ? { ...item, variant: 'production' } : unused ? { ...item, variant: 'development' } : item;
      const family = familyOf(item);
      const members = families.get(family);
      if (members) members.push(settled);
      else families.set(family, [settled]);
    }
    return [...families.values()].flatMap((family) =>
      family[0]?.framework === 'django' && !family.some(isDjango) ? [] : resolved(family),
    );
  },
};

const djangoKeys =
  /^(?:INSTALLED_APPS|MIDDLEWARE(?:_CLASSES)?|ROOT_URLCONF|WSGI_APPLICATION|DATABASES\b.*|TEMPLATES\b.*|ALLOWED_HOSTS|AUTH_USER_MODEL|SECURE_\w+)$/;
const isDjango = (item: Item): boolean => djangoKeys.test(String(item.key));

/** Files that are read together: the same framework below the same folder. */
function familyOf(item: Item): string {
  const folder = folderOf(item.path).replace(/(?:^|\/)(?:environments|initializers|settings|environment|packages)(?:\/.*)?$/, '');
  return `${String(item.framework)}|${folder}`;
}

function resolved(family: readonly Item[]): Item[] {
  const overridden = new Set(
    family.filter((item) => item.variant === 'production' && !isConditional(item)).map((item) => String(item.key)),
  );
  return family.filter((item) => item.variant !== 'base' || !overridden.has(String(item.key)));
}

/** Appended lists (`X += [...]`, `config.hosts << "a"`) add to the base rather than replace it. */
function isConditional(item: Item): boolean {
  return item.known === false && item.env === '' && Array.isArray(item.value);
}

/** `app.run()` under `__main__` is not what production does when something starts another server and nothing starts the file. */
function runsAnotherServer(path: string, all: Collected): boolean {
  const commands = [
    ...all.items('workloads').map((item) => String(item.command)),
    ...all.items('starts').map((item) => String(item.command)),
    ...all.documents('dockerfile').map((document) => JSON.stringify(document.root)),
  ].join('\n');
  const file = path.slice(path.lastIndexOf('/') + 1).replace(/[.]/g, '\\.');
  return (
    /\b(?:gunicorn|uwsgi|waitress|hypercorn|uvicorn|granian|mod_wsgi|passenger)\b/.test(commands) &&
    !new RegExp(`python[\\d.]*["', -u]+(?:\\S*/)?${file}`).test(commands)
  );
}

/** Folders of .NET projects that others are built with: only what starts reads an appsettings.json, and that is its own. */
function dotnetLibraries(all: Collected): ReadonlySet<string> {
  const folders = all.items('dependencies').filter((d) => d.name === 'Microsoft.NET.Sdk' && /\.(?:cs|fs|vb)proj$/.test(d.path));
  const started = all.items('starts').map((s) => s.path);
  return new Set(
    folders.map((d) => folderOf(d.path)).filter((folder) => folder !== '' && !started.some((path) => path.startsWith(`${folder}/`))),
  );
}

/** Spring profiles that production workloads, images or the base file activate. Development profiles stay what they are. */
function activeProfiles(items: readonly Item[], all: Collected): Set<string> {
  const found: string[] = [];
  for (const workload of all.items('workloads'))
    if (workload.production === true && workload.optIn !== true && Array.isArray(workload.env))
      for (const env of workload.env as { name: string; value: string | null }[])
        if (/^(?:SPRING_PROFILES_ACTIVE|spring\.profiles\.active|QUARKUS_PROFILE|MICRONAUT_ENVIRONMENTS)$/.test(env.name) && env.value)
          found.push(env.value);
  for (const document of all.documents('dockerfile')) {
    const { stages = [], production } = document.root as { stages?: { env?: Record<string, string> }[]; production?: boolean };
    const env = stages.at(-1)?.env ?? {};
    if (production !== false) found.push(env.SPRING_PROFILES_ACTIVE ?? '', env.QUARKUS_PROFILE ?? '');
  }
  for (const item of items) if (item.variant === 'base' && item.key === 'spring.profiles.active') found.push([item.value].flat().join(','));
  return new Set(found.join(',').split(',').map((profile) => profile.trim()).filter((profile) => profile && !/^(?:dev|development|local|test|testing)$/i.test(profile))); // prettier-ignore
}

import type { Item, Json } from '../../../model/document.js';
import { joinRoutes, markersOf } from './shared.js';

const text = (value: Json | undefined) => (typeof value === 'string' ? value : '');

/** What the names that a Python file imports are: `from .auth import bp as auth_bp` in app/__init__.py gives auth_bp = `app/auth:bp`. */
export function importedNames(code: string, path: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const match of code.matchAll(/^[ \t]*from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(\([^()]{0,1000}\)|[^\n(]+)/gm)) {
    const folder = path.split('/').slice(0, -1);
    if (match[1]!.length > 1) folder.splice(Math.max(0, folder.length - match[1]!.length + 1));
    const module = [...(match[1] ? folder : []), ...match[2]!.split('.')].filter(Boolean).join('/');
    for (const part of match[3]!.replace(/[()]/g, '').split(',')) {
      const [name, as] = part.trim().split(/\s+as\s+/) as [string, string?];
      if (/^\w+$/.test(name)) found.set((as ?? name).trim(), `${module}:${name}`);
    }
  }
  return found;
}

/** The identity of `auth_bp`, or of `auth.bp` where auth is a module. */
export function originOf(target: string, imports: ReadonlyMap<string, string>): string {
  const [first, rest] = target.split('.') as [string, string?];
  const origin = imports.get(first) ?? '';
  return rest && origin ? `${origin.replace(':', '/')}:${rest}` : origin;
}

/**
 * A route of a blueprint that another file makes (usually the package's `__init__`), under the prefix that it is registered with, else
 * under its own. Null where no such blueprint is known.
 */
export function blueprintRoute(route: Item, items: readonly Item[]): Item | null {
  const blueprints = markersOf(items, 'blueprint');
  const find = (origin: string): Item | undefined => {
    const [module, name] = origin.split(':') as [string, string?];
    return blueprints.find((b) => b.name === name && `/${b.path.replace(/(?:\/__init__)?\.py$/, '')}`.endsWith(`/${module}`));
  };
  const blueprint = text(route.origin) ? find(text(route.origin)) : undefined;
  if (!blueprint) return null;
  const mounts = markersOf(items, 'mount').filter((m) => text(m.origin) && find(text(m.origin)) === blueprint);
  const prefix = (mounts.length === 1 ? text(mounts[0]!.prefix) : '') || text(blueprint.prefix);
  return { ...route, route: joinRoutes(prefix, text(route.route)) || '/', auth: blueprint.auth === true ? true : (route.auth ?? null) };
}

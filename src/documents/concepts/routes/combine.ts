import type { Combiner, Item, Json } from '../../../model/document.js';
import { blueprintRoute } from './blueprints.js';
import { withHandler, type HandlerFrom } from './handlers.js';
import { laravelRoute } from './laravel.js';
import { leadsNowhere, railsRoute } from './rails.js';
import { joinRoutes, markersOf as of } from './shared.js';
import { unguarded } from './spring-security.js';

type Marked = Item & { marker?: string };
const text = (value: Json | undefined) => (typeof value === 'string' ? value : '');

interface Mount {
  readonly prefix: string;
  readonly auth: boolean;
  readonly limited: boolean;
}

/**
 * Joins what files say about each other's routes: mounted prefixes and guards, views' permissions, controllers' filters,
 * global defaults. What stays uncertain stays as the reader left it; markers are dropped.
 */
export const routesCombiner: Combiner = {
  kind: 'routes',
  combine(items, { files }) {
    const own = items.filter((i) => !(i as Marked).marker);
    // The one address of a tRPC server hands on to its procedures, which are routes themselves.
    const procedures = own.some((i) => i.technology === 'trpc');
    const routes = procedures ? own.filter((i) => i.technology === 'trpc' || !/(?:^|\/)\[?trpc\]?(?:\/|$)/.test(text(i.route))) : own;
    if (routes.length === 0) return [];
    const stems = new Map(files.map((f) => [stem(f.path), f.path]));
    const mounts = mountsByFile(items, routes, stems);
    const handlers = handlersByPlace(items);
    const joined = routes.map((route) => {
      const placed = text(route.via).startsWith('func:') ? handed(route, items) : (blueprintRoute(route, items) ?? mounted(route, mounts));
      let result = covered(placed, items);
      if (route.technology === 'fastapi') result = withAliases(result, items);
      else if (route.technology === 'flask') result = flaskGuarded(result, items);
      else if (route.technology === 'django') return djangoRoutes(result, items);
      else if (route.technology === 'rails') {
        if (leadsNowhere(result, items)) return [];
        result = railsRoute(result, items);
      } else if (route.technology === 'laravel') result = laravelRoute(result, items);
      else if (route.technology === 'nestjs') result = nestCovered(result, items);
      else if (route.from !== undefined) result = handled(result, handlers, stems);
      return [withDefaults(result, items)];
    });
    return joined.flat().map(({ via: _via, guards: _guards, origin: _origin, from: _from, untold: _untold, ...route }) => route as Item);
  },
};

/** The functions of requests by file and name. */
function handlersByPlace(items: readonly Item[]): Map<string, Item[]> {
  const found = new Map<string, Item[]>();
  for (const item of of(items, 'handler')) {
    const place = `${item.path}#${text(item.name)}`;
    const known = found.get(place);
    if (known) known.push(item);
    else found.set(place, [item]);
  }
  return found;
}

/** The handler's own code, from the file that the route's file imports it from. */
function handled(route: Item, handlers: ReadonlyMap<string, readonly Item[]>, stems: ReadonlyMap<string, string>): Item {
  const from = route.from as unknown as HandlerFrom;
  const path = from.target === '' ? route.path : stems.get(resolve(route.path, from.target));
  return path === undefined ? route : withHandler(route, handlers.get(`${path}#${from.name}`) ?? []);
}

const stem = (path: string) => path.replace(/\.\w+$/, '').replace(/\/(?:index|__init__|mod)$/, '');

/** Which files are mounted under which prefixes; chains of mounts are followed as long as each file is mounted once. */
function mountsByFile(items: readonly Item[], routes: readonly Item[], stems: ReadonlyMap<string, string>): Map<string, Mount> {
  const found = new Map<string, { from: string; local: string; prefix: string; auth: boolean; limited: boolean }[]>();
  const routed = new Set([...routes, ...of(items, 'mount')].map((r) => r.path));
  for (const mount of of(items, 'mount')) {
    const target = text(mount.target);
    // Where an import says which module the router is of, its name says nothing more.
    const imported = text(mount.module) ? byModule(text(mount.module).split('/'), routed) : [];
    const files = imported.length
      ? imported
      : target.startsWith('.')
        ? [stems.get(resolve(mount.path, target))]
        : target.includes('.')
          ? byModule(target.split('.').slice(0, -1), routed)
          : target
            ? byImport(target, mount.path, routed)
            : [];
    for (const file of files)
      if (file)
        found.set(file, [
          ...(found.get(file) ?? []),
          {
            from: mount.path,
            local: text(mount.from),
            prefix: text(mount.prefix),
            auth: mount.auth === true,
            limited: mount.rateLimited === true,
          },
        ]);
    if (!files.length && (text(mount.local) || (target && !target.includes('.'))))
      found.set(`${mount.path}#${text(mount.local) || target}`, [
        {
          from: mount.path,
          local: text(mount.from),
          prefix: text(mount.prefix),
          auth: mount.auth === true,
          limited: mount.rateLimited === true,
        },
      ]);
  }
  const result = new Map<string, Mount>();
  for (const key of found.keys()) {
    let at: string | undefined = key;
    let mount: Mount = { prefix: '', auth: false, limited: false };
    for (let depth = 0; at && depth < 6; depth++) {
      const here: { from: string; local: string; prefix: string; auth: boolean; limited: boolean }[] | undefined = found.get(at);
      if (here?.length !== 1) break;
      mount = {
        prefix: joinRoutes(here[0]!.prefix, mount.prefix),
        auth: mount.auth || here[0]!.auth,
        limited: mount.limited || here[0]!.limited,
      };
      // First where the router that it hangs on is itself hung up in that file, then where the file is.
      const own: string = `${here[0]!.from}#${here[0]!.local}`;
      const next: string = own !== at && found.has(own) ? own : here[0]!.from;
      at = next === at || !found.has(next) ? undefined : next;
    }
    result.set(key, mount);
  }
  return result;
}

function resolve(from: string, target: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of target.replace(/\.(?:js|ts|mjs|cjs)$/, '').split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return stem(`${parts.join('/')}.x`);
}

/** `users.router`: the one routed file whose module is called users. */
function byModule(module: readonly string[], routed: ReadonlySet<string>): string[] {
  const wanted = module.join('/');
  const found = [...routed].filter((p) => p.endsWith('.py') && (stem(p) === wanted || stem(p).endsWith(`/${wanted}`)));
  return found.length === 1 ? found : [];
}

/** `users_router`, `auth_bp`: the one routed file called users or auth. */
function byImport(name: string, from: string, routed: ReadonlySet<string>): string[] {
  const wanted = name.replace(/_?(?:router|bp|blueprint|routes|api)$/, '');
  if (!wanted || wanted === name) return [];
  const found = [...routed].filter(
    (p) => p !== from && p.endsWith('.py') && (stem(p).split('/').pop() === wanted || stem(p).split('/').slice(-2, -1)[0] === wanted),
  );
  return found.length === 1 ? found : [];
}

function mounted(route: Item, mounts: ReadonlyMap<string, Mount>): Item {
  const mount = mounts.get(`${route.path}#${text(route.via)}`) ?? mounts.get(route.path);
  if (!mount) return route;
  return {
    ...route,
    route: joinRoutes(mount.prefix, text(route.route)) || '/',
    auth: mount.auth ? true : route.auth,
    rateLimited: mount.limited ? true : route.rateLimited,
  };
}

/**
 * Routes on the router that a Go function is given: its one caller decides prefix and guards, and so on up; of several callers only
 * what they agree on is certain, and without a caller in the repository nothing is.
 */
function handed(route: Item, items: readonly Item[]): Item {
  let result = { ...route };
  let func = text(route.via).slice('func:'.length);
  // AllowAnonymous holds against whatever surrounds it.
  const open = route.technology === 'aspnet' && route.auth === false;
  for (let depth = 0; func !== '' && depth < 5; depth++) {
    const callers = of(items, 'func-mount')
      .filter((m) => m.func === func)
      .map((m) => (asksByName(m, items) ? { ...m, auth: true } : m));
    const first = callers[0];
    const agree = (field: string): boolean => callers.every((c) => c[field] === first?.[field]);
    if (!first || !agree('auth')) return { ...result, auth: result.auth === true ? true : open ? false : null, untold: true };
    if (first.auth === true && !open) result = { ...result, auth: true };
    if (agree('rateLimited') && first.rateLimited === true) result = { ...result, rateLimited: true };
    if (!agree('prefix') || !agree('root'))
      return { ...result, auth: result.auth === true ? true : agree('root') || open ? result.auth : null };
    result = { ...result, route: joinRoutes(text(first.prefix), text(result.route)) || '/' };
    func = text(first.root) === func ? '' : text(first.root);
  }
  return result;
}

/** Whether one of the methods that were called on a route, or on the group that was handed on, asks for an identity. */
const asksByName = (item: Item, items: readonly Item[]): boolean =>
  Array.isArray(item.guards) && of(items, 'aspnet-guard').some((g) => (item.guards as Json[]).includes(g.name!));

/** Guards that a path prefix is given apart from its router: `app.use('/v1/auth', limiter)`. */
function covered(route: Item, items: readonly Item[]): Item {
  const own = of(items, 'cover').filter(
    (c) => text(route.route) === c.prefix || text(route.route).startsWith(`${text(c.prefix).replace(/\/\*?$/, '')}/`),
  );
  if (!own.length) return route;
  return {
    ...route,
    auth: own.some((c) => c.auth === true) ? true : route.auth,
    rateLimited: own.some((c) => c.rateLimited === true) ? true : route.rateLimited,
  };
}

const bare = (path: string) => path.replace(/^\/+|\/+$/g, '');

/** Middleware that a Nest module gives to controllers, paths and methods; what `exclude` takes out again is not followed. */
function nestCovered(route: Item, items: readonly Item[]): Item {
  if (route.auth === true) return route;
  const classes = Array.isArray(route.guards) ? route.guards : [];
  const own = of(items, 'nest-cover').filter((c) => {
    if (c.method !== 'ALL' && c.method !== route.method) return false;
    if (c.controller !== '') return classes.includes(c.controller!);
    const path = bare(text(c.of));
    const open = path.replace(/\/?(?:\(\.\*\)|\{?\*\w*\}?)$/, '');
    return bare(text(route.route)) === path || (open !== path && (open === '' || `${bare(text(route.route))}/`.startsWith(`${open}/`)));
  });
  if (!own.length) return route;
  return { ...route, auth: own.some((c) => c.excluded !== true) ? true : null };
}

function withAliases(route: Item, items: readonly Item[]): Item {
  const names = new Set(of(items, 'alias').map((a) => text(a.name)));
  const used = Array.isArray(route.guards) ? route.guards : [];
  return route.auth !== true && used.some((g) => typeof g === 'string' && names.has(g)) ? { ...route, auth: true } : route;
}

/** What a guard of the whole application covers: the routes in its folder and below, those aside that it names. */
function flaskGuarded(route: Item, items: readonly Item[]): Item {
  if (route.auth === true) return route;
  const guard = of(items, 'flask-guard').find((g) => route.path.startsWith(g.path.slice(0, g.path.lastIndexOf('/') + 1)));
  return guard && !(guard.open as Json[]).includes(route.handler!) ? { ...route, auth: true } : route;
}

function djangoRoutes(route: Item, items: readonly Item[]): Item[] {
  const named = of(items, 'view').filter((v) => v.name === route.handler);
  // Views of several apps may have one name: the one beside the URLs is meant.
  const folder = route.path.slice(0, route.path.lastIndexOf('/') + 1);
  const views = named.length > 1 ? named.filter((v) => folder && v.path.startsWith(folder)) : named;
  const view = views.length === 1 ? views[0] : undefined;
  const defaults = of(items, 'default').filter((d) => d.framework === undefined);
  const drfDefault = defaults.find((d) => d.views !== true);
  const everywhere = defaults.some((d) => d.views === true);
  if (!view) return [{ ...route, auth: route.auth === null && everywhere ? true : route.auth }];
  const base = {
    ...route,
    upload: view.upload === true,
    validated: view.serializer === true ? true : view.drf === true ? null : route.validated,
    responseSchema: view.serializer === true && view.drf === true ? true : null,
    rateLimited: view.throttled === true ? true : null,
    body: text(view.body),
  };
  const own = route.auth ?? view.auth ?? null;
  const bases = own ?? inherited(view, items);
  const fallback =
    view.drf === true ? (bases === false && view.orReadOnly !== true ? drfDefault?.auth === true : bases) : everywhere ? true : bases;
  // Nothing of its own, and a default that lets everybody read.
  const readable = view.drf === true && own === null && bases === false && drfDefault?.orReadOnly === true;
  const auth = (method: string) =>
    view.orReadOnly === true || readable ? !['GET', 'HEAD', 'OPTIONS'].includes(method) : (own ?? fallback);
  const declared = Array.isArray(view.verbs) ? view.verbs.filter((v): v is string => typeof v === 'string') : [];
  if (route.via === 'viewset') {
    if (view.readOnly === true && route.method !== 'GET') return [];
    if (Array.isArray(view.actions) && view.actions.length > 0 && !view.actions.includes(route.method ?? '')) return [];
    return [{ ...base, auth: auth(text(route.method)) }];
  }
  return (declared.length ? declared : ['ANY']).map((method) => ({ ...base, method, auth: auth(method) }));
}

const openBase =
  /^(?:View|TemplateView|ListView|DetailView|CreateView|UpdateView|DeleteView|FormView|RedirectView|ArchiveIndexView|APIView|GenericAPIView|(?:List|Create|Retrieve|Update|Destroy){1,3}APIView|GenericViewSet|ViewSet|ModelViewSet|ReadOnlyModelViewSet|ViewSetMixin|(?:Create|List|Retrieve|Update|Destroy)ModelMixin|ContextMixin|FormMixin|SuccessMessageMixin|TemplateResponseMixin|object)$/;
const guardBase = /LoginRequired|PermissionRequired|UserPassesTest|AccessMixin|StaffRequired/;

/** What a view's base classes demand: the repository's own are followed, the frameworks' are known, others leave it untold. */
function inherited(view: Item, items: readonly Item[], depth = 0): boolean | null {
  let result: boolean | null = false;
  for (const base of Array.isArray(view.bases) ? view.bases : []) {
    const name = text(base);
    if (!name || openBase.test(name)) continue;
    if (guardBase.test(name)) return true;
    const own = of(items, 'view').filter((v) => v.name === name);
    const found =
      own.length !== 1 || depth > 5 ? null : typeof own[0]!.auth === 'boolean' ? own[0]!.auth : inherited(own[0]!, items, depth + 1);
    if (found === true) return true;
    if (found === null) result = null;
  }
  return result;
}

function withDefaults(route: Item, items: readonly Item[]): Item {
  const technology = text(route.technology);
  if (technology === 'spring' || technology === 'micronaut' || technology === 'jax-rs') {
    // A security configuration judges by path; without any, nobody does.
    return route.auth === null && technology === 'spring' && unguarded(text(route.route), items) ? { ...route, auth: false } : route;
  }
  const defaults = of(items, 'default').filter((d) => d.framework === technology);
  const prefix = of(items, 'prefix').find((p) => p.framework === technology);
  const guarded = defaults.some((d) => d.auth === true);
  const result = {
    ...route,
    rateLimited: route.rateLimited ?? (defaults.some((d) => d.rateLimited === true) || null),
    validated: route.validated ?? (route.via === 'dto' ? defaults.some((d) => d.validated === true) : null),
    route: prefix ? joinRoutes(text(prefix.prefix), text(route.route)) : route.route,
  };
  if (technology !== 'nestjs' && technology !== 'aspnet') return result;
  return { ...result, auth: route.auth ?? (guarded || asksByName(route, items) ? true : route.untold === true ? null : false) };
}

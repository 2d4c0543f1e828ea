import type { Item, Reader } from '../../../model/document.js';
import type { Source } from '../../../model/source.js';
import { joinRoutes, marker, routeItem } from './shared.js';

const actions: Record<string, [string, string]> = {
  index: ['GET', ''],
  create: ['POST', ''],
  show: ['GET', '/:id'],
  update: ['PUT', '/:id'],
  destroy: ['DELETE', '/:id'],
  new: ['GET', '/new'],
  edit: ['GET', '/:id/edit'],
};
const plural = new Set(['index', 'create', 'show', 'update', 'destroy', 'new', 'edit']);

interface Frame {
  readonly path: string;
  readonly module: string;
  readonly auth: boolean;
  /** The controller of an enclosing resource, '' where none. */
  readonly controller: string;
  readonly resource: 'many' | 'one' | '';
  readonly block: string;
}

/** Rails config/routes.rb: resources expanded, namespaces and scopes, devise; controllers' before_action filters are markers. */
export const rails: Reader = {
  name: 'routes/rails',
  kind: 'routes',
  files: { languages: ['ruby'], roles: ['product', 'config'] },
  keywords: [
    'routes.draw',
    'before_action',
    'ActionController',
    'ApplicationController',
    'Controller <',
    'sinatra',
    'Sinatra',
    'def authori',
  ],
  read(source) {
    if (/\.routes\.draw\b/.test(source.code)) return { items: drawn(source) };
    if (/sinatra/i.test(source.code)) return { items: sinatra(source) };
    return { items: [...controllers(source), ...concerns(source)] };
  },
};

const symbols = (text: string) => [...text.matchAll(/:?["']?([a-z_]\w*)["']?/g)].map((m) => m[1]!);
const option = (line: string, name: string): string | undefined =>
  new RegExp(`(?:\\b${name}:|:${name}\\s*=>)\\s*(%i\\[[^\\]]*\\]|\\[[^\\]]*\\]|:\\w+|["'][^"']*["'])`).exec(line)?.[1];
const bare = (text: string | undefined) => text?.replace(/^[:"']|["']$/g, '');

/** Lines of the same number, in which a statement that goes on behind a comma stands wholly in its first. */
function statementsOf(lines: readonly string[]): string[] {
  const joined = [...lines];
  let first = 0;
  for (let row = 1; row < joined.length; row++) {
    if (row - first <= 12 && /,\s*$/.test(joined[first]!.slice(-20))) {
      joined[first] = `${joined[first]!.trimEnd()} ${joined[row]!.trim()}`;
      joined[row] = '';
    } else first = row;
  }
  return joined;
}

function drawn(source: Source): Item[] {
  const items: Item[] = [];
  const stack: Frame[] = [{ path: '', module: '', auth: false, controller: '', resource: '', block: 'draw' }];
  let offset = 0;
  const add = (at: number, method: string, route: string, handler: string, frame: Frame) =>
    items.push(routeItem(source, at, 'rails', { method, route: route || '/', handler, auth: frame.auth ? true : null, via: 'controller' }));
  statementsOf(source.lines.slice(0, 5_000)).forEach((raw, row) => {
    const line = raw.slice(0, 2_000).trim();
    const at = offset + (raw.length - raw.trimStart().length);
    offset += (source.lines[row] ?? '').length + 1;
    const frame = stack[stack.length - 1]!;
    const opens = /\bdo\b(?:\s*\|[^|]*\|)?\s*$/.test(line);
    const push = (next: Partial<Frame>) => {
      if (opens) stack.push({ ...frame, block: '', ...next });
    };
    if (/^end\b/.test(line)) {
      if (stack.length > 1) stack.pop();
      return;
    }
    const word = /^(\w+!?)/.exec(line)?.[1] ?? '';
    const first = /^\w+!?[\s(]+(?:["']([^"']*)["']|:(\w+))/.exec(line);
    const name = first?.[1] ?? first?.[2] ?? '';
    const member = frame.block === 'member' ? '/:id' : '';
    if (word === 'namespace')
      push({
        path: joinRoutes(frame.path, bare(option(line, 'path')) ?? name),
        module: `${frame.module}${bare(option(line, 'module')) ?? name}/`,
        controller: '',
        resource: '',
      });
    else if (word === 'scope') {
      const module = bare(option(line, 'module'));
      push({
        path: joinRoutes(frame.path, name && !name.startsWith('module') ? name : (bare(option(line, 'path')) ?? '')),
        module: module ? `${frame.module}${module}/` : frame.module,
      });
    } else if (word === 'authenticate' || word === 'authenticated') push({ auth: true });
    else if (word === 'constraints') push({ auth: frame.auth || /auth|admin|user/i.test(line) });
    else if (word === 'resources' || word === 'resource') {
      let nested: Partial<Frame> | null = null;
      for (const each of listed(line)) {
        const controller = `${frame.module}${bare(option(line, 'controller')) ?? (word === 'resource' && !each.endsWith('s') ? `${each}s` : each)}`;
        const base = joinRoutes(
          frame.path,
          frame.resource === 'many' ? `:${frame.controller.split('/').pop()!.replace(/s$/, '')}_id` : '',
          bare(option(line, 'path')) ?? each,
        );
        const only = option(line, 'only');
        const except = option(line, 'except');
        const wanted = [...plural].filter(
          (a) =>
            (word === 'resource' ? a !== 'index' : true) &&
            (only ? symbols(only).includes(a) : true) &&
            (except ? !symbols(except).includes(a) : true),
        );
        for (const action of wanted) {
          const [verb, suffix] = actions[action]!;
          if (/api_only|config\.api/.test(source.code) && (action === 'new' || action === 'edit')) continue;
          add(at, verb, base + (word === 'resource' ? suffix.replace('/:id', '') : suffix), `${controller}#${action}`, frame);
        }
        nested ??= { path: base, controller, resource: word === 'resources' ? 'many' : 'one' };
      }
      push(nested ?? {});
    } else if (word === 'devise_for') {
      for (const [verb, path, action] of [
        ['POST', 'sign_in', 'sessions#create'],
        ['DELETE', 'sign_out', 'sessions#destroy'],
        ['POST', '', 'registrations#create'],
        ['POST', 'password', 'passwords#create'],
      ] as const) {
        items.push(
          routeItem(source, at, 'devise', {
            method: verb,
            route: joinRoutes(frame.path, bare(option(line, 'path')) ?? name, path),
            handler: `devise/${action}`,
            auth: verb === 'DELETE' ? null : false,
            validated: true,
          }),
        );
      }
      push({});
    } else if (word === 'member' || word === 'collection')
      push({ block: word, path: word === 'member' && frame.resource === 'many' ? `${frame.path}/:id` : frame.path });
    else if (/^(?:get|post|put|patch|delete|match)$/.test(word) && name) {
      const to = /(?:to:\s*|=>\s*)["']([\w/]+#\w+)["']/.exec(line)?.[1];
      const action = bare(option(line, 'action')) ?? name.split('/').pop()!;
      const handler = to
        ? `${frame.module}${to}`
        : frame.controller
          ? `${frame.controller}#${action}`
          : name.includes('/')
            ? `${frame.module}${name.replace(/\/(\w+)$/, '#$1')}`
            : '';
      const on = /on:\s*:member/.test(line) ? '/:id' : '';
      const methods = word === 'match' ? symbols(option(line, 'via') ?? ':all').map((m) => (m === 'all' ? 'ANY' : m)) : [word];
      for (const method of methods)
        add(at, method, joinRoutes(frame.path, on, member && frame.resource !== 'many' ? '' : '', name), handler, frame);
      push({});
    } else if (word === 'root') add(at, 'GET', frame.path || '/', `${frame.module}${/["']([\w/]+#\w+)["']/.exec(line)?.[1] ?? ''}`, frame);
    else if (word === 'mount')
      items.push(
        routeItem(source, at, 'rails', {
          method: 'ANY',
          route: joinRoutes(frame.path, /(?:=>|at:)\s*["']([^"']+)/.exec(line)?.[1] ?? ''),
          handler: /mount\s*\(?\s*([\w:]+)/.exec(line)?.[1] ?? '',
          auth: frame.auth ? true : null,
          websocket: /ActionCable/.test(line),
        }),
      );
    else push({});
  });
  return items;
}

function listed(line: string): string[] {
  const head = line.replace(/^resources?\s*\(?/, '').split(/,\s*(?:\w+:|:\w+\s*=>)|\bdo\b/)[0]!;
  return [...head.matchAll(/:(\w+)|["']([^"']+)["']/g)].map((m) => m[1] ?? m[2]!);
}

const filter =
  /^\s*(prepend_before_action|before_action|before_filter|skip_before_action)(?:[ \t]+|\(\s?):?(\w+[?!]?)((?:\s*,\s*:\w+)*)([^\n]*)/gm;
const demanding = /auth(?!or)|login|logged|signed|sign_?in|require_?(?:user|admin|account|session)|current_user|token|doorkeeper|admin/i;

/** Names under which some ask who is there and others whether a known user may: what is in the method tells. */
const authorizing = /^authori[sz]e(?:_\w+)?!?$/;

/** What filters in a text demand; one that is no question of who asks is left out. */
const filtersIn = (code: string) =>
  [...code.matchAll(filter)]
    .filter((f) => demanding.test(`${f[2]}${f[3]}`) || authorizing.test(f[2]!))
    .map((f) => ({
      certain: demanding.test(`${f[2]}${f[3]}`),
      skip: f[1]!.startsWith('skip'),
      name: f[2]!,
      only: symbols(option(f[4]!, 'only') ?? ''),
      except: symbols(option(f[4]!, 'except') ?? ''),
      // A filter for those who are not signed in asks everybody.
      conditional: /\b(?:if|unless):/.test(f[4]!.replace(/\bunless: :(?:user_)?(?:signed_in|logged_in|authenticated|current_user)\?/, '')),
    }));

/** Where a controller skips the protection against forged requests, and where it takes it up again. */
const forgeryIn = (code: string) =>
  [
    ...code.matchAll(
      /^\s*(protect_from_forgery|skip_forgery_protection|skip_before_(?:action|filter)(?:[ \t]+|\(\s?):verify_authenticity_token)\b([^\n]*)/gm,
    ),
  ].map((m) => ({
    skip: m[1]!.startsWith('skip'),
    only: symbols(option(m[2]!, 'only') ?? ''),
    except: symbols(option(m[2]!, 'except') ?? ''),
    conditional: /\bif:[^\n]*(?:json|api|token)/i.test(m[2]!),
  }));

const methodsIn = (code: string): Record<string, string> =>
  Object.fromEntries(
    [...code.matchAll(/^([ \t]*)def (\w+[?!]?)[^\n]*\n([\s\S]*?)^\1end\b/gm)].slice(0, 60).map((m) => [m[2]!, m[3]!.slice(0, 2_000)]),
  );

/** Every method that a text defines, one-liners and endless ones too. */
const definedIn = (code: string) => [...code.matchAll(/^[ \t]*(?:(?:private|public|protected)[ \t]+)?def (\w+)/gm)].map((m) => m[1]!);

const modulesOf = (code: string) => [...code.matchAll(/^\s*module\s+([\w:]+)/gm)].map((m) => m[1]!).join('::');

/** One marker a controller: its filters, its parent and concerns, and its methods' bodies for what they say themselves. */
function controllers(source: Source): Item[] {
  const { code } = source;
  const items: Item[] = [];
  const module = modulesOf(code);
  for (const match of code.matchAll(/^\s*class\s+([\w:]*Controller)\s*<\s*([\w:]+)/gm)) {
    items.push(
      marker(source, match.index, 'controller', {
        name: [module, match[1]!].filter(Boolean).join('::'),
        parent: match[2]!,
        filters: filtersIn(code),
        concerns: [...code.matchAll(/^\s*include\s+([A-Z][\w:]*(?:\s*,\s*[A-Z][\w:]*)*)/gm)].flatMap((m) => m[1]!.split(/\s*,\s*/)),
        // Macros that a concern may define: allow_unauthenticated_access only: :new
        macros: [
          ...code.matchAll(
            /^\s*((?:allow|skip|require|permit|public|unauthenticated|verify|ensure|enforce|restrict|protect)\w*)\b(?!_action)([^\n]*)/gm,
          ),
        ].map((m) => ({
          name: m[1]!,
          only: symbols(option(m[2]!, 'only') ?? ''),
          except: symbols(option(m[2]!, 'except') ?? ''),
        })),
        forgery: forgeryIn(code),
        limited: /rate_limit\b|Rack::Attack/.test(code),
        permits: /\.permit\(|params\.expect|\.permit!/.test(code),
        uploads: /params\[:(?:\w+_)?(?:file|image|avatar|attachment|upload)s?\]/.test(code),
        bodies: methodsIn(code),
        defines: definedIn(code),
        // What makes actions without writing them down.
        made: /\bdefine_method\b|\binherit_resources\b|\balias_method\b|\bactive_scaffold\b|\bdelegate\s/.test(code),
      }),
    );
  }
  return items;
}

/** Concerns that filter for the controllers that include them, and the macros of theirs that lift a filter or set one. */
function concerns(source: Source): Item[] {
  const { code } = source;
  const at = /^([ \t]*)included do\b[^\n]*\n([\s\S]*?)^\1end\b/m.exec(code);
  if (!at || !/\bActiveSupport::Concern\b/.test(code)) return helpers(source);
  const bodies = methodsIn(code);
  const lifts = Object.entries(bodies).flatMap(([macro, body]) =>
    filtersIn(body).map((f) => ({ macro, name: f.name, certain: f.certain, skip: f.skip, conditional: f.conditional })),
  );
  return [
    marker(source, at.index, 'concern', { name: modulesOf(code), filters: filtersIn(at[2]!), lifts, bodies, defines: definedIn(code) }),
  ];
}

/** A module without filters of its own, whose methods those of controllers name. */
function helpers(source: Source): Item[] {
  const at = /^\s*def authori[sz]e/m.exec(source.code);
  if (!at || !/^\s*module\s/m.test(source.code) || /^\s*class\s/m.test(source.code)) return [];
  const bodies = Object.fromEntries(Object.entries(methodsIn(source.code)).filter(([name]) => authorizing.test(name)));
  return [
    marker(source, at.index, 'concern', {
      name: modulesOf(source.code),
      filters: [],
      lifts: [],
      bodies,
      defines: definedIn(source.code),
    }),
  ];
}

function sinatra(source: Source): Item[] {
  const { code } = source;
  const guard = /^\s*before\s+do\s*\n([\s\S]{0,400}?)^\s*end/m.exec(code);
  const auth = guard !== null && /halt 401|authenticate|protected!|require_login|authorize/i.test(guard[1]!);
  return [
    ...code.matchAll(/^[ \t]*(get|post|put|patch|delete)[ (]+["']([^"']+)["'][^\n]*\bdo\b[^\n]*\n([\s\S]{0,2000}?)^[ \t]*end\b/gm),
  ].map((match) =>
    routeItem(source, match.index, 'sinatra', {
      method: match[1]!,
      route: match[2]!,
      auth: auth || /^\s*(?:protected!|authenticate!|require_login|authorize!)/m.test(match[3]!),
      body: match[3],
    }),
  );
}

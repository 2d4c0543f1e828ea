import type { Item, Json } from '../../../model/document.js';
import { markersOf as of } from './shared.js';

const text = (value: Json | undefined) => (typeof value === 'string' ? value : '');

type Macro = { name: string; only: string[]; except: string[] };
type Lift = { macro: string; name: string; certain: boolean; skip: boolean; conditional: boolean };
type Filter = Macro & { certain: boolean; skip: boolean; conditional: boolean };

/** The names that a constant may have which is written within a class, the innermost module first. */
function scopes(within: string, constant: string): string[] {
  const modules = within.split('::').slice(0, -1);
  return modules.map((_, i) => [...modules.slice(0, modules.length - i), constant].join('::'));
}

/** The controller that a route names and its parents in the repository, the topmost first. */
function chainOf(route: Item, items: readonly Item[]): Item[] {
  const [path] = text(route.handler).split('#') as [string];
  const className = (p: string) => `${p.split('/').map((s) => s.split('_').map((w) => w.charAt(0).toUpperCase() + w.slice(1)).join('')).join('::')}Controller`; // prettier-ignore
  const all = of(items, 'controller');
  const named = (name: string) => all.find((c) => c.name === name);
  const find = (name: string) => named(name) ?? all.find((c) => text(c.name).endsWith(`::${name}`));
  const chain: Item[] = [];
  let controller = find(className(path));
  for (let depth = 0; controller && depth < 6; depth++) {
    chain.unshift(controller);
    const parent: Item | undefined =
      scopes(text(controller.name), text(controller.parent)).map(named).find(Boolean) ?? find(text(controller.parent));
    controller = parent === controller ? undefined : parent;
  }
  return chain;
}

/**
 * A writing route that `resources` names although its controller has no such action: Rails answers 404. Nothing is said where
 * a parent, a module or a macro from elsewhere may define it.
 */
export function leadsNowhere(route: Item, items: readonly Item[]): boolean {
  const [, action] = text(route.handler).split('#') as [string, string?];
  if (!action || !['POST', 'PUT', 'PATCH', 'DELETE'].includes(text(route.method))) return false;
  const chain = chainOf(route, items);
  if (chain.length === 0 || !/^ActionController::(?:Base|API)$/.test(text(chain[0]!.parent))) return false;
  const concerns = of(items, 'concern');
  const included = chain.map((c) => (c.concerns as string[] | undefined) ?? []);
  const found = (name: string) => concerns.find((m) => m.name === name || text(m.name).endsWith(`::${name}`));
  // What every controller includes defines no action of one of them.
  const foreign = included
    .slice(1)
    .flat()
    .some((name) => !found(name) && !/^(?:Action\w+|Active\w+|Abstract\w+|Turbo|Rails)::/.test(name));
  if (foreign || chain.some((c) => c.made === true)) return false;
  const defines = [...chain, ...included.flatMap((names) => names.map(found).filter((m) => m !== undefined))];
  return !defines.some((each) => (each.defines as string[] | undefined)?.includes(action));
}

export function railsRoute(route: Item, items: readonly Item[]): Item {
  const [, action] = text(route.handler).split('#') as [string, string?];
  const chain = action ? chainOf(route, items) : [];
  if (!action || chain.length === 0) return route;
  const csrfOff = skipsForgery(chain, action);
  if (route.auth === true) return { ...route, csrfOff };
  const body = (chain[chain.length - 1]!.bodies as Record<string, string> | undefined)?.[action] ?? '';
  // A parent outside of the repository (Devise's, an engine's) may filter as it likes.
  let unseen = !/^(?:ActionController::|ApplicationController|Api|API|Base)/.test(text(chain[0]!.parent));
  const modules = of(items, 'concern');
  const asked = new Map<string, boolean | null>();
  const bodiesOf = [...modules, ...chain];
  for (const each of chain) {
    const included = modules.filter((m) => (each.concerns as string[] | undefined)?.some((c) => m.name === c || text(m.name).endsWith(`::${c}`))); // prettier-ignore
    const own = [...included, each].flatMap((from) => (from.filters ?? []) as unknown as Filter[]);
    const lifted = ((each.macros ?? []) as unknown as Macro[]).flatMap((call) =>
      modules
        .flatMap((m) => (m.lifts ?? []) as unknown as Lift[])
        .filter((lift) => lift.macro === call.name)
        .map((lift): Filter => ({ ...call, name: lift.name, certain: lift.certain, skip: lift.skip, conditional: lift.conditional })),
    );
    for (const filter of [...own, ...lifted]) {
      const covers = (filter.only.length === 0 || filter.only.includes(action)) && !filter.except.includes(action);
      const asks = covers && demands(filter.name, bodiesOf) && (filter.certain || authenticates(filter.name, bodiesOf));
      if (asks === false) continue;
      if (!filter.skip) asked.set(filter.name, filter.conditional ? null : asks);
      else if (!asked.delete(filter.name)) unseen = false;
    }
  }
  const answers = [...asked.values()];
  const within = /\bauthenticate_or_request_with_http_\w+|\bauthenticate_(?:user|admin|account)!/.test(body);
  const auth = within || answers.includes(true) ? true : unseen || answers.includes(null) ? null : false;
  return {
    ...route,
    auth,
    csrfOff,
    rateLimited: chain.some((c) => c.limited === true) || null,
    validated: ['POST', 'PUT', 'PATCH'].includes(text(route.method)) ? chain.some((c) => c.permits === true) || null : null,
    upload: chain[chain.length - 1]!.uploads === true && body !== '',
    body,
  };
}

/** Whether the last that is said of an action, from the topmost controller down, skips the protection against forged requests. */
function skipsForgery(chain: readonly Item[], action: string): boolean {
  const said = chain
    .flatMap((c) => (c.forgery ?? []) as unknown as (Macro & { skip: boolean; conditional: boolean })[])
    .filter((f) => (f.only.length === 0 || f.only.includes(action)) && !f.except.includes(action));
  const last = said[said.length - 1];
  return last !== undefined && last.skip && !last.conditional;
}

/** Whether a filter named `authorize` asks for an identity by itself; null where its method is not in the repository. */
function authenticates(name: string, chain: readonly Item[]): boolean | null {
  const body = chain.map((c) => (c.bodies as Record<string, string> | undefined)?.[name]).find((b) => b !== undefined);
  return body === undefined
    ? null
    : /signed_?in|logged_?in|current_(?:user|account|admin)|session|authenticat|log_?in_(?:path|url)/.test(body);
}

/** A filter defined in the repository that never turns anybody away, or beside which one with a bang does, only looks who is there. */
function demands(name: string, chain: readonly Item[]): boolean {
  const bodies = Object.assign({}, ...chain.map((c) => c.bodies ?? {})) as Record<string, string>;
  if (!name.endsWith('!') && bodies[`${name}!`] !== undefined) return false;
  const body = bodies[name];
  return (
    body === undefined ||
    /unauthorized|forbidden|\b40[13]\b|redirect_to|raise|render|\w!|authenticate_or_request|\bhead\b|deny_access|request_authentication/.test(
      body,
    )
  );
}

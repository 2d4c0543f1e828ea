import type { Evidence } from '../model/evidence.js';
import type { FileSelector, Role, Variant } from '../model/file.js';
import type { Match } from '../model/query.js';
import type { View } from '../model/probe.js';

export interface Where {
  paths?: string[];
  except?: string[];
  in?: Role[];
  variants?: Variant[];
}

const list = <T>(value: T | T[] | undefined): T[] | undefined => (value === undefined ? undefined : Array.isArray(value) ? value : [value]);

/** The file selector of a probe's `paths`, `except`, `in`, `variants`; `roles` are the probe's default roles. */
export function selectorOf(where: Where, roles: readonly Role[]): FileSelector {
  return {
    paths: list(where.paths),
    except: list(where.except),
    roles: list(where.in) ?? roles,
    variants: list(where.variants) ?? ['base', 'production'],
  };
}

/** `make` for each set of parameters once: parameters are part of a check, and a check is judged for many deployables. */
export function oncePer<Params extends object, T>(make: (params: Params) => T): (params: Params) => T {
  const known = new WeakMap<Params, T>();
  return (params) => {
    let made = known.get(params);
    if (made === undefined) known.set(params, (made = make(params)));
    return made;
  };
}

/** Roles that say something about the software itself, not about its tests or samples. */
export const liveRoles: readonly Role[] = ['product', 'script', 'docs', 'ci', 'config', 'template', 'generated', 'other'];

export function found(probe: string, match: Match, message: string): Evidence {
  return {
    probe,
    answer: 'yes',
    violation: false,
    location: { path: match.path, line: match.line, column: match.column },
    excerpt: match.excerpt,
    message,
  };
}

/** Evidence of absence: nothing at a place, but what was looked for. */
export function missing(probe: string, message: string): Evidence {
  return { probe, answer: 'no', violation: false, message };
}

/** A message with its placeholders filled in; the fallback where the check gives none. */
export function say(view: View, template: string | undefined, fallback: string, variables: Record<string, unknown> = {}): string {
  return template === undefined ? fallback : view.render(template, variables);
}

/** How many places of one answer the report keeps. */
export const keptPlaces = 10;

export const plural = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;

import type { Item } from '../model/document.js';
import { connections, type Connection } from '../model/connections.js';
import type { Measured, Measurement } from '../model/environment.js';
import type { Answer, Evidence, Judgement } from '../model/evidence.js';
import type { Probe, View } from '../model/probe.js';
import { excerptOf } from '../safe/redact.js';
import { keptPlaces, plural, say } from './common.js';

/** Everything beside these keys is the question (`ask`) as the connection documents it. */
export interface EnvironmentParams {
  /** JSONPath: the values of the facts to judge; default: the facts themselves. */
  select?: string;
  /** A concept of the repository: each of its items is judged by the facts. */
  each?: string;
  where?: string;
  require?: string;
  find?: string;
  empty?: 'yes' | 'no' | 'unknown' | 'not-applicable';
  /** Leaves the node out where the operator names no such endpoint, so that a tree can ask each database that there is. */
  unnamed?: 'not-applicable';
  failing?: 'violation' | 'missing';
  message?: string;
  /** What the report says of what holds. */
  seen?: string;
  /** What the report says where the facts do not let it be judged. */
  unclear?: string;
  /** One question for each path. */
  paths?: string[];
  /** CEL over a declared route: one question for each route without parameters for which it holds. */
  routes?: string;
  [ask: string]: unknown;
}

const judging = new Set([
  'select',
  'each',
  'where',
  'require',
  'find',
  'empty',
  'unnamed',
  'failing',
  'message',
  'seen',
  'unclear',
  'paths',
  'routes',
]);
/** Declared routes that are asked for; more would be a scan rather than a look. */
const askedRoutes = 25;
const messageChars = 300;

interface Asked {
  readonly measurement: Measurement;
  readonly route: Item | null;
}

interface Value {
  readonly item: unknown;
  readonly facts: unknown;
  readonly where: string;
  readonly route: Item | null;
}

/**
 * The probe of one kind of connection: facts + `select` + `require` | `find`, as for documents. Without an environment, and where the
 * connection gives no answer, it answers unknown with the reason; its yes is of the rung `observed`.
 */
export function environmentProbe(kind: Connection): Probe<EnvironmentParams> {
  return {
    name: kind,
    queries: ({ routes, each }) =>
      [...(routes === undefined ? [] : ['routes']), ...(each === undefined ? [] : [each])].map((one) => ({ type: 'kind', kind: one })),
    measurements: (params, view) => asked(kind, params, view).map((a) => a.measurement),
    judge: (params, view) => judge(kind, params, view),
  };
}

function judge(kind: Connection, params: EnvironmentParams, view: View): Judgement {
  const { measured } = view;
  if (!measured) return unknownBecause(kind, [{ where: kind, message: 'name an environment to see it live' }]);
  const answers = asked(kind, params, view).map(({ measurement, route }) => ({ measured: measured(measurement), route }));
  if (params.unnamed === 'not-applicable' && answers.every((a) => !a.measured || isUnnamed(a.measured)))
    return { answer: 'not-applicable', evidence: [] };
  const told = answers.flatMap(({ measured: m, route }) => (m?.status === 'measured' ? valuesOf(m, route, params, view) : []));
  const silent = answers.flatMap(({ measured: m }) => (m?.status === 'measured' ? unreachableOf(m.facts) : [reasonOf(kind, m)]));
  if (answers.length === 0 && params.empty === undefined) return { answer: 'not-applicable', evidence: [] };
  if (params.find !== undefined) return some(kind, params.find, told, silent, params, view);
  const first = answers.find((a) => a.measured?.status === 'measured')?.measured;
  return every(kind, params, told, silent, view, first?.where);
}

const isUnnamed = (measured: Measured): boolean =>
  measured.status === 'unknown' && (measured.reason === 'not-named' || measured.reason === 'not-allowed');

function reasonOf(kind: Connection, measured: Exclude<Measured, { status: 'measured' }> | undefined): { where: string; message: string } {
  if (!measured || measured.reason === 'not-named')
    return { where: kind, message: measured?.message ?? 'name an environment to see it live' };
  return { where: measured.where, message: `could not be seen (${measured.reason}): ${measured.message}` };
}

function every(
  kind: Connection,
  params: EnvironmentParams,
  values: readonly Value[],
  silent: readonly { where: string; message: string }[],
  view: View,
  seenAt: string | undefined,
): Judgement {
  const expression = params.require ?? 'true';
  const judged = values.map((value) => ({ value, holds: test(expression, value, view) }));
  const of = (answer: boolean | undefined) => judged.filter((j) => j.holds === answer).map((j) => j.value);
  const good = of(true);
  const counts = judged.length > 1 ? { held: good.length, total: judged.length } : {};
  const broken = of(false);
  if (broken.length > 0) {
    const violation = params.failing !== 'missing';
    const evidence = broken.map((v) =>
      at(kind, 'no', v, say(view, params.message, `does not satisfy ${expression}`, variables(v, view)), violation),
    );
    return { answer: 'no', evidence, ...counts };
  }
  if (silent.length > 0) return unknownBecause(kind, silent);
  if (of(undefined).length > 0) return undecided(kind, expression, of(undefined), params, view);
  if (values.length === 0) {
    const answer = params.empty ?? 'unknown';
    const plain = params.routes === undefined ? 'nothing there to judge' : 'no declared route to look at';
    const message = answer === 'unknown' && params.unclear !== undefined ? say(view, params.unclear, plain, {}) : plain;
    return {
      answer,
      evidence:
        answer === 'not-applicable'
          ? []
          : [{ probe: kind, answer, violation: false, ...(seenAt === undefined ? {} : { where: seenAt }), message }],
    };
  }
  const kept = good.slice(0, keptPlaces).map((v) => at(kind, 'yes', v, say(view, params.seen, 'is as required', variables(v, view))));
  const first = kept[0];
  if (values.length > keptPlaces && first) kept[0] = { ...first, message: `${plural(values.length, 'value')} judged, all as required` };
  return { answer: 'yes', evidence: kept, ...counts };
}

function some(
  kind: Connection,
  expression: string,
  values: readonly Value[],
  silent: readonly { where: string; message: string }[],
  params: EnvironmentParams,
  view: View,
): Judgement {
  const judged = values.map((value) => ({ value, holds: test(expression, value, view) }));
  const hits = judged.filter((j) => j.holds === true).map((j) => j.value);
  if (hits.length > 0) {
    const said = params.seen ?? params.message;
    return {
      answer: 'yes',
      evidence: hits.slice(0, keptPlaces).map((v) => at(kind, 'yes', v, say(view, said, 'found', variables(v, view)))),
    };
  }
  if (silent.length > 0) return unknownBecause(kind, silent);
  const open = judged.filter((j) => j.holds === undefined).map((j) => j.value);
  if (open.length > 0) return undecided(kind, expression, open, params, view);
  const first = values[0];
  const message = first
    ? say(view, params.message, 'nothing of what was looked for', variables(first, view))
    : 'nothing of what was looked for';
  const where = first ? { where: first.where } : {};
  const violation = params.failing !== 'missing';
  return { answer: 'no', evidence: [{ probe: kind, answer: 'no', violation, ...where, message: excerptOf(message, messageChars) }] };
}

function unknownBecause(kind: Connection, reasons: readonly { where: string; message: string }[]): Judgement {
  const evidence = reasons.slice(0, keptPlaces).map(({ where, message }): Evidence => ({
    probe: kind,
    answer: 'unknown',
    violation: false,
    ...(where === kind ? {} : { where }),
    message: excerptOf(message, messageChars),
  }));
  return { answer: 'unknown', evidence };
}

function undecided(kind: Connection, expression: string, values: readonly Value[], params: EnvironmentParams, view: View): Judgement {
  const message = (v: Value) =>
    deniedOf(v.facts, expression) ?? say(view, params.unclear, `cannot be judged: ${expression}`, variables(v, view));
  return { answer: 'unknown', evidence: values.slice(0, keptPlaces).map((v) => at(kind, 'unknown', v, message(v))) };
}

/** Why a group of facts that the expression speaks of is null, where the connection says so in `denied`. */
function deniedOf(facts: unknown, expression: string): string | undefined {
  const list = facts && typeof facts === 'object' ? (facts as { denied?: unknown }).denied : undefined;
  if (!Array.isArray(list)) return undefined;
  const of = list.find((d: Record<string, unknown>) => expression.includes(String(d['facts'])));
  return of && `could not be seen (${String(of.reason)}): ${String(of.message)}`;
}

function at(kind: Connection, answer: Answer, value: Value, message: string, violation = false): Evidence {
  return {
    probe: kind,
    answer,
    violation: answer === 'no' && violation,
    ...(value.route ? { location: { path: value.route.path, line: value.route.line } } : {}),
    where: value.where,
    message: excerptOf(message, messageChars),
    ...(answer === 'yes' ? { rung: 'observed' as const } : {}),
  };
}

/** The questions of a probe: one, one for each path, or one for each declared route. */
function asked(kind: Connection, params: EnvironmentParams, view: View): Asked[] {
  const fields = Object.entries(params).filter(([key, value]) => !judging.has(key) && value !== undefined);
  const ask = Object.fromEntries(fields.map(([key, value]) => [key, filledIn(value, view)]));
  const question = (more: Record<string, unknown>, route: Item | null = null): Asked => ({
    measurement: { connection: kind, ask: { ...ask, ...more } },
    route,
  });
  if (params.routes !== undefined) {
    const routes = routesOf(params.routes, view);
    return [...routes].map(([path, route]) => question({ path }, route));
  }
  if (params.paths !== undefined)
    return [params.paths]
      .flat()
      .flatMap((path) => listIn(path, view))
      .map((path) => question({ path }));
  return [question({})];
}

/** `{{param.path}}` in a question is the check's parameter. */
function filledIn(value: unknown, view: View): unknown {
  if (typeof value !== 'string' || !value.includes('{{')) return value;
  // A parameter alone is taken as it is; within a text it is shown as messages show it, which cuts what is long.
  const parameter = /^\{\{\s*(param\.\w+)\s*\}\}$/.exec(value)?.[1];
  return parameter === undefined ? view.render(value) : view.cel(parameter);
}

/** A path, or all of a parameter that is a list of them. */
const listIn = (path: string, view: View): string[] => [filledIn(path, view)].flat().map(String);

/** Paths of declared routes that can be asked for as they stand, each once, in order. */
function routesOf(condition: string, view: View): Map<string, Item> {
  const found = new Map<string, Item>();
  const routes = view.items('routes').filter((r) => typeof r['route'] === 'string' && plainPath.test(r['route']));
  for (const route of [...routes].sort((a, b) => (String(a['route']) < String(b['route']) ? -1 : 1))) {
    if (found.size >= askedRoutes) break;
    const path = String(route['route']);
    if (!found.has(path) && holds(condition, route, view)) found.set(path, route);
  }
  return found;
}

/** A path without parameters, patterns, query or anything that a server would have to interpret; none that sounds like an action. */
const plainPath =
  /^(?!.*(?:\/\/|\.\.|delet|remov|destroy|reset|logout|signout|sign-out|shutdown|restart|purge|flush|clear|drop|revoke|cancel|unsubscribe))\/[A-Za-z0-9/_.~-]{0,200}$/i;

function holds(condition: string, route: Item, view: View): boolean {
  try {
    return view.cel(condition, { item: route }) === true;
  } catch {
    return false;
  }
}

function valuesOf(measured: Extract<Measured, { status: 'measured' }>, route: Item | null, params: EnvironmentParams, view: View): Value[] {
  const { facts, where } = measured;
  if (params.each !== undefined) {
    const declared = declaredOf(params.each, view).map((item) => ({ item, facts, where, route: item }));
    const condition = params.where;
    return condition === undefined ? declared : declared.filter((v) => test(condition, v, view) === true);
  }
  const items = params.select === undefined ? [facts] : view.select(params.select, facts).map((s) => s.value);
  const values = items.map((item) => ({ item, facts, where: endpointOf(item) ?? where, route }));
  const condition = params.where;
  return condition === undefined ? values : values.filter((v) => test(condition, v, view) !== false);
}

const ignoredRoles = new Set(['test', 'sample', 'generated', 'vendored']);

/** What the repository declares for production: items of base and production variants, each name once. */
function declaredOf(kind: string, view: View): Item[] {
  const found = new Map<string, Item>();
  for (const item of view.items(kind)) {
    const live = item['variant'] === undefined || item['variant'] === 'base' || item['variant'] === 'production';
    const key = `${String(item['name'] ?? `${item.path}:${item.line}`)} ${String(item['origin'] ?? '')} ${String(item['required'] ?? '')}`;
    if (live && !ignoredRoles.has(view.file(item.path)?.role ?? '') && !found.has(key)) found.set(key, item);
  }
  return [...found.values()];
}

/** Facts about several endpoints name each. */
const endpointOf = (item: unknown): string | undefined => {
  const endpoint = item && typeof item === 'object' ? (item as { endpoint?: unknown }).endpoint : undefined;
  return typeof endpoint === 'string' ? endpoint : undefined;
};

/** Endpoints that gave no facts while others did. */
function unreachableOf(facts: unknown): { where: string; message: string }[] {
  const list = facts && typeof facts === 'object' ? (facts as { unreachable?: unknown }).unreachable : undefined;
  if (!Array.isArray(list)) return [];
  return list.map(({ endpoint, reason, message }: Record<string, unknown>) => ({
    where: String(endpoint),
    message: `could not be seen (${String(reason)}): ${String(message)}`,
  }));
}

/** true, false, or undefined where the expression cannot be evaluated for this value. */
function test(expression: string, value: Value, view: View): boolean | undefined {
  try {
    const result = view.cel(expression, variables(value, view));
    return typeof result === 'boolean' ? result : undefined;
  } catch {
    return undefined;
  }
}

const variables = ({ item, facts, where, route }: Value, view: View): Record<string, unknown> => ({
  item,
  facts,
  doc: facts,
  endpoint: where,
  route,
  file: route?.path ?? '',
  line: route?.line ?? 0,
  git: view.git,
});

/** One probe for each kind of connection, of the same name. */
export const environmentProbes = connections.map(environmentProbe);

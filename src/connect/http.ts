import { ConnectFailure, type ConnectContext, type Connector, type EnvironmentSource, type OpenConnection } from '../model/environment.js';
import { UsageError } from '../model/error.js';
import { trustedAuthorities } from './dial.js';
import {
  assetsOf,
  httpFacts,
  parseCookie,
  parseCsp,
  parseHsts,
  parseReferrerPolicy,
  titleOf,
  visibleText,
  type HttpFacts,
} from './http-facts.js';
import { Agents, exchange, type Exchange } from './http-request.js';

/** A question to the application. */
interface HttpAsk {
  /** Below the base address. */
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** false: the first answer is the one; else redirects within the named hosts are followed. */
  readonly redirects?: boolean;
  /** Another scheme than the base address has, on its usual port. */
  readonly scheme?: 'http' | 'https';
  /** true: as a page of a foreign origin would ask, with Origin. */
  readonly foreign?: boolean;
  /** true: a preflight of a foreign origin (OPTIONS with Access-Control-Request-Method). */
  readonly preflight?: boolean;
  /** true: without the operator's Authorization and Cookie headers. */
  readonly anonymous?: boolean;
  /** true: the scripts and stylesheets of the page are requested too. */
  readonly assets?: boolean;
  /** A host name that is not the application's: asked for beside its own. */
  readonly host?: string;
  /** true: asks to switch to WebSocket. */
  readonly upgrade?: boolean;
  /** So many requests one after another, for their times; fewer where they take long. */
  readonly times?: number;
}

const maxRedirects = 10;
const maxAssets = 20;
const maxTimes = 50;
/** Milliseconds after which no further request of `times` is made. */
const timesMs = 8_000;
const textChars = 256 * 1024;
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);
export const defaultForeignOrigin = 'https://readiness.invalid';

/** The base address of the application; UsageError, without the address itself, where it cannot be one. */
export function baseOf(environment: EnvironmentSource): URL {
  const given = environment.url ?? '';
  const hint = 'for example: https://app.example.org';
  if (!URL.canParse(given)) throw new UsageError('the address of the application is no URL', '--url', hint);
  const url = new URL(given);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new UsageError(`the address of the application begins with ${url.protocol}//, not http:// or https://`, '--url', hint);
  if (url.search || url.hash) throw new UsageError('the address of the application is a base address, without ? and #', '--url', hint);
  return url;
}

/** An address for people: no credentials. */
const shown = (url: URL): string => `${url.protocol}//${url.host}${url.pathname}${url.search}`;

export const http: Connector = {
  connection: 'http',
  facts: httpFacts,
  check: { path: '/' },
  endpoints: (environment) => (environment.url === undefined ? [] : [shown(baseOf(environment)).replace(/\/$/, '')]),
  open: async (context) => openHttp(context),
};

function openHttp(context: ConnectContext): OpenConnection {
  const { environment } = context;
  const base = baseOf(environment);
  const agents = new Agents(trustedAuthorities(environment.trust, '`trust`'));
  const named = namedOrigins(environment, base);
  return {
    async measure(question, signal) {
      const ask = question as HttpAsk;
      const url = addressOf(ask, base);
      try {
        return { where: shown(url), facts: await factsFor(url, ask, { environment, base, agents, named, signal, now: context.now }) };
      } catch (error) {
        if (error instanceof ConnectFailure) throw new ConnectFailure(error.reason, error.message, shown(url));
        throw error;
      }
    },
    close: async () => agents.close(),
  };
}

function addressOf({ path = '/', scheme }: HttpAsk, base: URL): URL {
  const url = new URL(base);
  url.username = '';
  url.password = '';
  url.pathname = `${base.pathname.replace(/\/$/, '')}/${path.replace(/^\/+/, '').replace(/[?#][\s\S]*$/, '')}`;
  const query = /\?([^#]*)/.exec(path)?.[1];
  if (query !== undefined) url.search = query;
  if (scheme !== undefined && url.protocol !== `${scheme}:`) {
    url.port = '';
    url.protocol = `${scheme}:`;
  }
  return url;
}

/** Origins that redirects may lead to: the named one, the same host on the usual ports, and other TLS endpoints that were named. */
function namedOrigins(environment: EnvironmentSource, base: URL): ReadonlySet<string> {
  const others = [environment.tls ?? []].flat().filter((endpoint) => URL.canParse(`https://${endpoint}`));
  const usual = base.port === '' ? [`http://${base.hostname}`, `https://${base.hostname}`] : [];
  return new Set([base.origin, ...usual, ...others.map((endpoint) => new URL(`https://${endpoint}`).origin)]);
}

interface Route {
  readonly environment: EnvironmentSource;
  readonly base: URL;
  readonly agents: Agents;
  readonly named: ReadonlySet<string>;
  readonly signal: AbortSignal;
  readonly now: Date;
}

/** What the question wants to know beside one answer. */
async function factsFor(url: URL, ask: HttpAsk, route: Route): Promise<HttpFacts> {
  if (ask.host !== undefined) return underAnotherName(url, ask, route);
  if (ask.times !== undefined) return timed(url, ask, route);
  if (ask.scheme !== undefined && `${ask.scheme}:` !== route.base.protocol) {
    if (route.base.port !== '')
      throw new ConnectFailure('not-named', `the environment names port ${route.base.port}, and none for ${ask.scheme}`);
    return follow(url, ask, route).catch((error: unknown) => {
      if (error instanceof ConnectFailure && error.reason === 'refused') return { ...noAnswer(url), refused: true };
      throw error;
    });
  }
  return follow(url, ask, route);
}

/** The defaults of the facts stand for a good answer; without one there is nothing. */
const noAnswer = (url: URL): HttpFacts => ({
  ...httpFacts.parse({}),
  url: shown(url),
  final: shown(url),
  status: 0,
  secure: url.protocol === 'https:',
});

/** The same question under another host name: its answer, and whether that is the page that the application gives under its own. */
async function underAnotherName(url: URL, { host = '', ...ask }: HttpAsk, route: Route): Promise<HttpFacts> {
  const usual = await follow(url, ask, route);
  const other = await follow(url, { ...ask, redirects: false, headers: { ...ask.headers, host } }, route).catch((error: unknown) => {
    if (error instanceof ConnectFailure && error.reason === 'not-understood') return noAnswer(url);
    throw error;
  });
  const close = Math.abs(other.bytes - usual.bytes) <= Math.max(64, usual.bytes * 0.1);
  return { ...other, sameAsUsual: other.status === usual.status && other.type === usual.type && other.title === usual.title && close };
}

/** One request after another; stops early where the first one fails or time runs out. */
async function timed(url: URL, ask: HttpAsk, route: Route): Promise<HttpFacts> {
  const until = performance.now() + timesMs;
  const wanted = Math.max(1, Math.min(maxTimes, Math.round(Number(ask.times)) || 1));
  // The connection is made once; what is measured is the application.
  const first = await follow(url, ask, route);
  const times: number[] = [];
  while (first.status < 400 && times.length < wanted && performance.now() < until) {
    const started = performance.now();
    await follow(url, ask, route);
    times.push(Math.round(performance.now() - started));
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.ceil(times.length * share) - 1)] ?? first.ms;
  return { ...first, times: { count: times.length, p50: at(0.5), p95: at(0.95), max: at(1) } };
}

async function follow(first: URL, ask: HttpAsk, route: Route): Promise<HttpFacts> {
  const redirects: HttpFacts['redirects'] = [];
  const started = performance.now();
  const seen = new Set<string>();
  let url = first;
  for (;;) {
    const method = ask.preflight ? 'OPTIONS' : (ask.method ?? 'GET').toUpperCase();
    if (!safeMethods.has(method)) throw new ConnectFailure('not-allowed', `${method} could change something`);
    const answer = await exchange(
      url,
      { method, headers: headersFor(ask, route), signal: route.signal, upgrade: ask.upgrade ?? false },
      route.agents,
    );
    const location = locationOf(answer);
    if (!location || ask.redirects === false) {
      const ms = Math.round(performance.now() - started);
      const origin = headersFor(ask, route)['origin'] ?? '';
      const facts = { ...factsOf(first, answer, redirects, location, ms, route.now), origin };
      return ask.assets ? { ...facts, assets: await assets(facts, ask, route) } : facts;
    }
    redirects.push({ status: answer.status, from: shown(url), to: shown(location) });
    if (!route.named.has(location.origin))
      throw new ConnectFailure('not-allowed', `it redirects to ${location.origin}, which the environment does not name`);
    seen.add(url.href);
    if (seen.has(location.href)) throw new ConnectFailure('not-understood', `its redirects go round in a circle at ${shown(location)}`);
    if (redirects.length > maxRedirects) throw new ConnectFailure('not-understood', `it redirects more than ${maxRedirects} times`);
    url = location;
  }
}

function locationOf(answer: Exchange): URL | null {
  const written = [301, 302, 303, 307, 308].includes(answer.status) ? answer.headers['location']?.[0] : undefined;
  if (written === undefined || !URL.canParse(written, answer.url.href)) return null;
  const url = new URL(written, answer.url);
  url.username = '';
  url.password = '';
  url.hash = '';
  return url;
}

const identity = /^(?:authorization|cookie|proxy-authorization|x-api-key|api-key)$/i;

function headersFor(ask: HttpAsk, { environment, base }: Route): Record<string, string> {
  const given = Object.entries(environment.headers ?? {}).filter(([name]) => !(ask.anonymous && identity.test(name)));
  const login: Record<string, string> = base.username !== '' && !ask.anonymous ? { authorization: basic(base) } : {};
  const foreign: Record<string, string> = ask.foreign || ask.preflight ? { origin: environment.foreignOrigin ?? defaultForeignOrigin } : {};
  const preflight: Record<string, string> = ask.preflight
    ? { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'authorization' }
    : {};
  return {
    ...login,
    ...Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), value])),
    ...foreign,
    ...preflight,
    ...switching(ask),
    ...Object.fromEntries(Object.entries(ask.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])),
  };
}

const switching = ({ upgrade }: HttpAsk): Record<string, string> =>
  upgrade
    ? {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': Buffer.alloc(16, 'readiness').toString('base64'),
      }
    : {};

function basic(base: URL): string {
  return `Basic ${Buffer.from(`${decodeURIComponent(base.username)}:${decodeURIComponent(base.password)}`).toString('base64')}`;
}

async function assets(page: HttpFacts, ask: HttpAsk, route: Route): Promise<HttpFacts['assets']> {
  if (page.type !== 'text/html') return [];
  return Promise.all(
    assetsOf(page.body, page.final, maxAssets).map(async ({ url, kind }) => {
      const answer = await exchange(
        new URL(url),
        { method: 'GET', headers: headersFor({ ...ask, preflight: false }, route), signal: route.signal },
        route.agents,
      );
      return { url, kind, status: answer.status, type: typeOf(answer) };
    }),
  );
}

const typeOf = (answer: Exchange): string => (answer.headers['content-type']?.[0] ?? '').split(';')[0]!.trim().toLowerCase();
const textual = /^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml|javascript|x-javascript|yaml|x-yaml|problem)|image\/svg)|^$/;

function factsOf(asked: URL, answer: Exchange, redirects: HttpFacts['redirects'], location: URL | null, ms: number, now: Date): HttpFacts {
  const type = typeOf(answer);
  const text = textual.test(type) ? answer.body.toString('utf8').slice(0, textChars) : '';
  return {
    url: shown(asked),
    final: shown(answer.url),
    status: answer.status,
    headers: Object.fromEntries(
      Object.entries(answer.headers).map(([name, values]) => [name, name === 'set-cookie' ? values.map(withoutValue) : [...values]]),
    ),
    header: Object.fromEntries(
      Object.entries(answer.headers).map(([name, values]) => [
        name,
        name === 'set-cookie' ? values.map(withoutValue).join(', ') : values.join(', '),
      ]),
    ),
    redirects,
    location: location ? shown(location) : '',
    type,
    body: text,
    bytes: answer.body.length,
    sent: answer.sent,
    json: jsonOf(type, text, answer.body.length),
    title: type === 'text/html' ? titleOf(text) : '',
    words: type === 'text/html' ? visibleText(text).split(' ').filter(Boolean).length : 0,
    times: { count: 1, p50: ms, p95: ms, max: ms },
    origin: '',
    refused: false,
    sameAsUsual: false,
    encoding: answer.encoding,
    cookies: (answer.headers['set-cookie'] ?? []).map((cookie) => parseCookie(cookie, now)),
    ms,
    firstByteMs: answer.firstByteMs,
    secure: answer.url.protocol === 'https:',
    hsts: parseHsts(answer.headers['strict-transport-security']?.[0]),
    csp: parseCsp(answer.headers['content-security-policy']),
    referrerPolicy: parseReferrerPolicy(answer.headers['referrer-policy'], type === 'text/html' ? text : ''),
    assets: [],
  };
}

/** A cookie's value may be somebody's session. */
const withoutValue = (header: string): string => header.replace(/^([^=;]*)=[^;]*/, '$1=****');

function jsonOf(type: string, text: string, bytes: number): HttpFacts['json'] {
  if (!/json/.test(type) || bytes > textChars) return null;
  try {
    return JSON.parse(text) as HttpFacts['json'];
  } catch {
    return null;
  }
}

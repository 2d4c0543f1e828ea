import type { Item, Reader } from '../../../model/document.js';
import { closing, findCalls, matchesOf } from '../syntax-text.js';
import { stringsIn } from '../syntax-value.js';
import { isGuard, joinRoutes, routeItem } from './shared.js';

const verbs = /\b(get|post|put|patch|delete|head|options|any)\s*\(\s*([\w:]+)?/g;

/** axum `.route()`, Actix and Rocket attributes, Actix `web::resource`. */
export const rust: Reader = {
  name: 'routes/rust',
  kind: 'routes',
  files: { languages: ['rust'], roles: ['product'] },
  keywords: ['axum', 'actix_web', 'rocket'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    const body = (name: string) => {
      const match = new RegExp(`\\bfn\\s+${name.split('::').pop()!.replace(/\W/g, '')}\\s*(?:<[^>]*>)?\\s*\\(`).exec(code);
      const brace = match ? code.indexOf('{', closing(code, match.index + match[0].length - 1)) : -1;
      const end = brace < 0 ? -1 : closing(code, brace);
      return match && end > 0 ? code.slice(match.index, end + 1) : '';
    };
    const facts = (text: string) => ({
      auth: /\b(?:Claims|AuthUser|CurrentUser|Identity|BearerAuth|AuthSession|Auth\w*User|Extension<\w*User>|JwtClaims|ApiKey)\b/.test(
        text.split('{')[0]!,
      )
        ? true
        : null,
      validated: /ValidatedJson|Valid<|\.validate\(\)/.test(text) || null,
      upload: /Multipart/.test(text),
      websocket: /WebSocketUpgrade|ws::start/.test(text),
      body: text,
    });
    if (/\baxum\b/.test(code)) {
      for (const call of findCalls(code, /\.route(?=\s*\()/g)) {
        const path = stringsIn(call.arguments[0]?.text ?? '')[0];
        if (!path?.startsWith('/')) continue;
        // A layer covers the routes above it in the same chain.
        const semicolon = code.indexOf(';', call.end);
        const rest = code.slice(call.end, semicolon < 0 ? undefined : semicolon);
        const layered = findCalls(rest, /\.(?:route_)?layer(?=\s*\()/g).some((l) =>
          [...l.inner.matchAll(/[\w:]+/g)].some((m) => isGuard(m[0].replace(/::/g, '.'))),
        );
        for (const match of (call.arguments[1]?.text ?? '').matchAll(verbs)) {
          const found = facts(body(match[2] ?? ''));
          items.push(
            routeItem(source, call.offset, 'axum', {
              ...found,
              method: match[1]!,
              route: path,
              handler: match[2] ?? '',
              auth: layered ? true : found.auth,
            }),
          );
        }
      }
    }
    if (/\bactix_web\b|\brocket\b/.test(code)) {
      for (const match of matchesOf(code, /#\[(get|post|put|patch|delete|head)\(\s*"([^"]*)"[^\]]*\]/g)) {
        const name = /fn\s+(\w+)/.exec(code.slice(match.index, match.index + 500))?.[1] ?? '';
        items.push(
          routeItem(source, match.index, /actix_web/.test(code) ? 'actix' : 'rocket', {
            ...facts(body(name)),
            method: match[1]!,
            route: match[2]!,
            handler: name,
          }),
        );
      }
      const scopes = findCalls(code, /\.service(?=\s*\()/g).flatMap((call) => {
        const prefix = /^\s*(?:actix_web::)?web::scope\(\s*"([^"]*)"/.exec(call.inner)?.[1];
        if (prefix === undefined) return [];
        const wrapped = findCalls(call.inner, /\.wrap(?:_fn)?(?=\s*\()/g).flatMap((w) => w.inner.match(/[\w:]+/g) ?? []);
        return [{ prefix, from: call.offset, to: call.end, auth: wrapped.some((name) => isGuard(name.replace(/::/g, '.'))) }];
      });
      for (const call of findCalls(code, /\.route(?=\s*\()/g)) {
        const path = stringsIn(call.arguments[0]?.text ?? '')[0];
        const match = /^(?:actix_web::)?web::(get|post|put|patch|delete|head)\(\)(?:\s*\.\w+\([^)]*\))*?\s*\.to\(\s*([\w:]+)/.exec(
          call.arguments[1]?.text ?? '',
        );
        if (!match) continue;
        const around = scopes.filter((s) => s.from < call.offset && call.end <= s.to);
        const found = facts(body(match[2]!));
        items.push(
          routeItem(source, call.offset, 'actix', {
            ...found,
            method: match[1]!,
            // Put together when the program starts: known by its handler only.
            route: path === undefined ? '' : joinRoutes(...around.map((s) => s.prefix), path) || '/',
            handler: match[2]!,
            auth: around.some((s) => s.auth) ? true : found.auth,
          }),
        );
      }
      for (const call of findCalls(code, /\bweb::resource(?=\s*\()/g)) {
        const semicolon = code.slice(call.end).search(/;|\bweb::resource\b/);
        const chain = code.slice(call.end, semicolon < 0 ? call.end + 400 : call.end + semicolon);
        for (const match of chain.matchAll(/web::(get|post|put|patch|delete)\(\)(?:\.\w+\([^)]*\))*\.to\(\s*([\w:]+)/g))
          items.push(
            routeItem(source, call.offset, 'actix', {
              ...facts(body(match[2]!)),
              method: match[1]!,
              route: stringsIn(call.inner)[0] ?? '',
              handler: match[2]!,
            }),
          );
      }
    }
    return { items };
  },
};

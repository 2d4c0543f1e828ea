import { isGuard } from './shared.js';

/**
 * Handlers that ask for an identity themselves, without a decorator or middleware: what they do with somebody whom they do not know.
 * A look at who is there turns nobody away; refusing whom nobody knows does.
 */
const leaves = String.raw`(?:return|abort|raise|throw|next|reply\.|res(?:ponse)?\s*\.|ctx\.throw)`;
/** What is logged or told may stand between the condition and the way out. */
const thenLeaves = new RegExp(
  String.raw`^[^\n]*?[:{)]\s*(?:[^\n]*(?:log|flash|print|console|message|msg|err)[^\n]*\n\s*){0,3}?${leaves}`,
  'i',
);

/** `if not verify_token(token): ... return abort(401)`; `if (!isLoggedIn(req)) return res.redirect('/login')`. */
const asks = /\bif\s*\(?\s*(?:not\s+|!\s*)(?:await\s+)?((?:\w+\.)*\w+)\(/g;
/** The same in two steps: `const session = validateSession(req, res); if (!session) return;`. */
const keeps = /\b(\w+)\s*=\s*(?:await\s+)?((?:\w+\.)*\w+)\([^()\n]{0,120}\);?\s*\n\s*if\s*\(?\s*(?:not\s+|!\s*)(\w+)\b(?!\.)/g;
/** A library's own check of a token throws; the handler answers with a refusal. */
const verifies =
  /\bjwt\.(?:decode|verify)\(|\bverify_(?:id|oauth2|session|firebase)_\w*token\(|\bverifyIdToken\(|\bjwtVerify\(|\bverify_jwt_in_request\(/;
const unverified = /verify_signature["']?\s*[:=]\s*False|\bverify\s*=\s*False/;
const refuses = /\b40[13]\b|unauthori[sz]ed|forbidden|authentication denied|invalidtokenerror|permissionerror/i;
const session =
  /\bif\s*\(?\s*(?:["'][\w-]+["']\s+not\s+in\s+session\b|not\s+(?:session\.get\(|session\[|g\.user\b|current_user\.is_authenticated\b)|current_user\.is_anonymous\b|!\s*(?:req|request|ctx)\.(?:session(?:\.|\?\.)\w+|user\b|isAuthenticated\(\)))/g;

/** Whether the body of a handler refuses callers who have no identity. */
export function refusesStrangers(body: string): boolean {
  for (const match of body.matchAll(asks)) {
    const end = match.index + match[0].length;
    if (isGuard(match[1]!) && thenLeaves.test(body.slice(end, end + 500))) return true;
  }
  for (const match of body.matchAll(keeps)) {
    const end = match.index + match[0].length;
    if (match[1] === match[3] && isGuard(match[2]!) && thenLeaves.test(body.slice(end, end + 500))) return true;
  }
  for (const match of body.matchAll(session)) {
    const end = match.index + match[0].length;
    if (thenLeaves.test(body.slice(end, end + 500))) return true;
  }
  return verifies.test(body) && refuses.test(body) && !unverified.test(body);
}

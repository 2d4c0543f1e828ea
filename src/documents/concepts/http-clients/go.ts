import type { Item, Reader } from '../../../model/document.js';
import { argument, findCalls } from '../syntax-text.js';
import { assigned } from '../syntax-value.js';
import { clientItem, timeoutOf } from './shared.js';

const off = /InsecureSkipVerify\s*:\s*true|InsecureSkipVerify\s*=\s*true/;

/** `if cfg.SkipTLSVerify {` above: the operator's own switch for one endpoint, as `InsecureSkipVerify: cfg.SkipTLSVerify` would be. */
const asked =
  /\bif\s[^\n{]*(?:insecure|(?:skip|ignore|disable|no)_?\w{0,20}(?:tls|ssl|verif|cert)|allow_?self|self_?signed)\w*\s*\{(?:(?!\n\t?\}\n)[\s\S])*$/i;

/** net/http clients and package functions, resty; InsecureSkipVerify. */
export const go: Reader = {
  name: 'http-clients/go',
  kind: 'http-clients',
  files: { languages: ['go'], roles: ['product', 'script'] },
  keywords: ['http.Client', 'http.Get', 'http.Post', 'http.Head', 'http.DefaultClient', 'InsecureSkipVerify', 'resty', 'retryablehttp'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    const retries = /retryablehttp|backoff\.Retry|retry\.Do\(|SetRetryCount/.test(code) ? true : null;
    // A request made with a context that has a deadline is bounded, wherever in the function it is made.
    const bounded = (offset: number) => {
      const start = code.lastIndexOf('\nfunc ', offset);
      const end = start < 0 ? -1 : code.indexOf('\n}', offset);
      return /context\.With(?:Timeout|Deadline)\(|NewRequestWithContext\(\s*(?!context\.(?:Background|TODO)\(\))\w/.test(
        code.slice(Math.max(0, start), end < 0 ? offset + 400 : Math.min(end, offset + 10_000)),
      );
    };
    // A transport whose dialer gives connections a deadline bounds what is done over them.
    const deadlined = /\bDial(?:Context)?\b/.test(code) && /\.Set(?:Read)?Deadline\(/.test(code);
    // `*http.Client {` ends a signature: gofmt leaves no space in a literal.
    for (const call of findCalls(code, /(?<![*\w])http\.Client(?=\{)/g, '{')) {
      const transport = argument(call.arguments, 'Transport')?.text ?? '';
      const insecure = off.test(transport) || off.test(assigned(code, transport.replace(/^&/, ''))?.text ?? '');
      const own = timeoutOf(argument(call.arguments, 'Timeout')?.text, code, 's');
      const name = /(\w+)\s*:?=\s*&?$/.exec(code.slice(Math.max(0, call.offset - 60), call.offset))?.[1];
      const later = own.timeoutSet === false && name ? new RegExp(`\\b${name}\\.Timeout\\s*=\\s*([^\\n]+)`).exec(code) : null;
      const given = later ? timeoutOf(later[1], code, 's') : own;
      items.push(
        clientItem(source, call.offset, 'net/http', {
          kind: 'construct',
          ...given,
          ...(given.timeoutSet === false && (bounded(call.offset) || (transport !== '' && deadlined)) ? { timeoutSet: null } : {}),
          retries,
          verify: insecure ? false : null,
          pooled: true,
        }),
      );
    }
    for (const call of findCalls(code, /(?<![\w.])http\.(?:Get|Post|PostForm|Head)(?=\s*\()/g)) {
      if (call.arguments.length)
        items.push(clientItem(source, call.offset, 'net/http', { kind: 'call', timeoutSet: false, retries, pooled: true, perCall: true }));
    }
    for (const call of findCalls(code, /\bhttp\.DefaultClient\.(?:Do|Get|Post|PostForm|Head)(?=\s*\()/g)) {
      items.push(
        clientItem(source, call.offset, 'net/http', {
          kind: 'call',
          timeoutSet: call.name.endsWith('.Do') && bounded(call.offset) ? true : false,
          retries,
          pooled: true,
          perCall: true,
        }),
      );
    }
    for (const call of findCalls(code, /\bresty\.New(?=\s*\()/g)) {
      const set = /\.SetTimeout\(\s*([^)]*)\)/.exec(code);
      items.push(
        clientItem(source, call.offset, 'resty', {
          kind: 'construct',
          ...timeoutOf(set?.[1], code, 's'),
          retries,
          verify: off.test(code) ? false : null,
          pooled: true,
        }),
      );
    }
    for (const match of code.matchAll(/InsecureSkipVerify\s*[:=]\s*true/g)) {
      if (asked.test(code.slice(Math.max(0, match.index - 700), match.index))) continue;
      const line = source.at(match.index).line;
      if (!items.some((i) => i.verify === false && Math.abs(i.line - line) < 6))
        items.push(clientItem(source, match.index, 'tls', { kind: 'construct', timeoutSet: null, verify: false }));
    }
    return { items };
  },
};

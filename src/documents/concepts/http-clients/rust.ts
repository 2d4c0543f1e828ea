import type { Item, Reader } from '../../../model/document.js';
import { findCalls } from '../syntax-text.js';
import { clientItem } from './shared.js';

/** reqwest, ureq, awc: no timeout in all unless one is set. */
export const rust: Reader = {
  name: 'http-clients/rust',
  kind: 'http-clients',
  files: { languages: ['rust'], roles: ['product', 'script'] },
  keywords: ['reqwest', 'ureq', 'awc'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    const retries = /reqwest_retry|RetryTransientMiddleware|ExponentialBackoff|Retry::spawn|\.retry\(/.test(code) ? true : null;
    const timeoutSet = /\.(?:timeout|timeout_global|read_timeout|timeout_recv_body)\s*\(/.test(code);
    for (const call of findCalls(code, /\b(?:reqwest::(?:blocking::)?)?Client(?:Builder)?::(?:new|builder|default)(?=\s*\()/g)) {
      if (!/\breqwest\b|\bawc\b/.test(code)) continue;
      const chain = code.slice(call.offset, call.offset + 600).split(';')[0]!;
      items.push(
        clientItem(source, call.offset, /\bawc\b/.test(code) ? 'awc' : 'reqwest', {
          kind: 'construct',
          timeoutSet,
          retries,
          verify: /danger_accept_invalid_(?:certs|hostnames)\(\s*true\s*\)/.test(chain) ? false : null,
          pooled: true,
        }),
      );
    }
    for (const call of findCalls(code, /\b(?:reqwest::(?:blocking::)?|ureq::)(?:get|post|put|delete|patch|head)(?=\s*\()/g))
      items.push(
        clientItem(source, call.offset, call.name.split('::')[0]!, { kind: 'call', timeoutSet, retries, pooled: false, perCall: true }),
      );
    return { items };
  },
};

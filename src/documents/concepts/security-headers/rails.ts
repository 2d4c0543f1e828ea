import type { Item, Reader } from '../../../model/document.js';
import { csp, cspReportOnly, frame, headerItem, placeAt } from './shared.js';

const sources: Record<string, string> = {
  self: "'self'",
  none: "'none'",
  unsafe_inline: "'unsafe-inline'",
  unsafe_eval: "'unsafe-eval'",
  strict_dynamic: "'strict-dynamic'",
  https: 'https:',
  http: 'http:',
  data: 'data:',
  blob: 'blob:',
};

/** Rails' policy DSL: `config.content_security_policy do |policy| policy.script_src :self, :https end`. */
export const cspDsl: Reader = {
  name: 'security-headers/rails-csp',
  kind: 'security-headers',
  files: { languages: ['ruby'], roles: ['product', 'config'] },
  keywords: ['content_security_policy'],
  read(source) {
    const { code } = source;
    const block = /config\.content_security_policy\b\s*do\s*\|(\w+)\|/.exec(code);
    if (!block) return {};
    const directives: string[] = [];
    for (const match of code.matchAll(
      new RegExp(`\\b${block[1]}\\.(\\w+_src|frame_ancestors|base_uri|form_action)\\s*\\(?([^\\n]*)`, 'g'),
    )) {
      const name = match[1]!.replaceAll('_', '-');
      const values = [...match[2]!.matchAll(/:(\w+)|["']([^"']+)["']/g)].map((m) => (m[1] ? (sources[m[1]] ?? m[1]) : m[2]!));
      directives.push(`${name} ${values.join(' ')}`);
    }
    const nonce =
      /content_security_policy_nonce_directives\s*=\s*(?:%w\[[^\]]*script-src|\[[^\]]*script-src)/.test(code) ||
      (/content_security_policy_nonce_generator\s*=/.test(code) && !/nonce_directives/.test(code));
    const policy = directives.join('; ');
    const report = /content_security_policy_report_only\s*=\s*true/.test(code);
    const value = nonce ? policy.replace(/(script-src [^;]*)/, "$1 'nonce-x'") : policy;
    return { items: directives.length ? [headerItem(placeAt(source, block.index), 'rails', report ? cspReportOnly : csp, value)] : [] };
  },
};

/** Rails: default headers deleted or changed by hand; `response.headers.delete 'X-Frame-Options'`. */
export const railsOff: Reader = {
  name: 'security-headers/rails-off',
  kind: 'security-headers',
  files: { languages: ['ruby', 'python'], roles: ['product', 'config'] },
  keywords: ['X-Frame-Options', 'xframe_options_exempt'],
  read(source) {
    const items: Item[] = [];
    for (const match of source.code.matchAll(
      /(?:headers\.(?:delete|except!?)[\s(]*["']X-Frame-Options["']|^\s*@xframe_options_exempt|method_decorator\(\s*xframe_options_exempt)/gm,
    )) {
      const at = match.index + (match[0].length - match[0].trimStart().length);
      items.push(headerItem(placeAt(source, at), source.file.language === 'ruby' ? 'rails' : 'django', frame, null, { off: true }));
    }
    return { items };
  },
};

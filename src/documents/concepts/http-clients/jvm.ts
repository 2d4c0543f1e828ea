import type { Item, Reader } from '../../../model/document.js';
import { argument, findCalls } from '../syntax-text.js';
import { clientItem, durationOf, timeoutOf } from './shared.js';

const trustAll =
  /NoopHostnameVerifier|TrustAllStrategy|TrustSelfSignedStrategy|ALLOW_ALL_HOSTNAME_VERIFIER|InsecureTrustManagerFactory|hostnameVerifier\s*\(?\s*\{?\s*\(?\w+\s*,\s*\w+\)?\s*->\s*true|checkServerTrusted\s*\([^)]*\)\s*(?:throws\s+\w+\s*)?\{\s*\}/g;

/** RestTemplate, RestClient, WebClient, OkHttp, java.net.http.HttpClient, Feign; trust-all managers. */
export const jvm: Reader = {
  name: 'http-clients/jvm',
  kind: 'http-clients',
  files: { languages: ['java', 'kotlin'], roles: ['product', 'script'] },
  keywords: [
    'RestTemplate',
    'RestClient',
    'WebClient',
    'OkHttpClient',
    'HttpClient',
    'FeignClient',
    'NoopHostnameVerifier',
    'TrustAll',
    'checkServerTrusted',
    'InsecureTrustManagerFactory',
  ],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    const retries = /@Retry\b|@Retryable\b|RetryTemplate|\.retryWhen\(|\.retry\(|Retry\.backoff/.test(code) ? true : null;
    const statement = (offset: number) => code.slice(offset, offset + 1_500).split(/;|\n\s*\n/)[0]!;
    for (const call of findCalls(code, /(?:\bnew\s+|(?<=[=:(]\s{0,3}|return\s{1,3}))RestTemplate(?=\s*\()/g)) {
      const around = code.slice(call.offset, call.offset + 800);
      const set = call.arguments.length > 0 ? null : /setRequestFactory\(/.test(around.split('\n}')[0]!) ? null : false;
      const limit = /set(?:Connect|Read)Timeout\(/.test(code);
      items.push(
        clientItem(source, call.offset, 'resttemplate', {
          kind: 'construct',
          timeoutSet: set === null && limit ? true : set,
          timeout: durationOf(/setReadTimeout\(([^)]*\)?)/.exec(code)?.[1] ?? ''),
          retries,
        }),
      );
    }
    for (const call of findCalls(
      code,
      /\b(?:restTemplateBuilder|builder|RestTemplateBuilder\s*\(\s*\))[\s\S]{0,300}?\.build(?=\s*\(\s*\))/g,
    )) {
      if (!/RestTemplateBuilder/.test(code)) break;
      const set = /\.(?:setReadTimeout|readTimeout|requestFactorySettings|setConnectTimeout)\(([^;]*)/.exec(call.name);
      items.push(
        clientItem(source, call.offset, 'resttemplate', {
          kind: 'construct',
          timeoutSet: set !== null,
          timeout: durationOf(set?.[1] ?? ''),
          retries,
        }),
      );
    }
    for (const match of code.matchAll(
      /\b(RestClient|WebClient)\.(?:create|builder)\s*\(|\b(\w*(?:[wW]eb|[rR]est)ClientBuilder)\s*(?:\n\s*)?\.(?=[\s\S]{0,300}?\.build\(\))/g,
    )) {
      const technology = (match[1] ?? match[2]!).toLowerCase().startsWith('rest') ? 'restclient' : 'webclient';
      // Where the builder itself is a bean, calls may bound themselves.
      const own = `${statement(match.index)} ${technology === 'webclient' ? code : ''}`;
      const set =
        /responseTimeout\(([^)]*\)?)|ReadTimeoutHandler\(([^)]*)\)|\.timeout\(([^)]*\)?)|setReadTimeout\(([^)]*\)?)|withReadTimeout\(([^)]*\)?)/.exec(
          own,
        ) ?? /responseTimeout\(([^)]*\)?)|setReadTimeout\(([^)]*\)?)|readTimeout\(([^)]*\)?)|withReadTimeout\(([^)]*\)?)/.exec(code);
      items.push(
        clientItem(source, match.index, technology, {
          kind: 'construct',
          timeoutSet: set !== null ? true : /requestFactory\(|clientConnector\(/.test(own) ? null : false,
          timeout: durationOf(set?.slice(1).find(Boolean) ?? ''),
          retries,
        }),
      );
    }
    for (const match of code.matchAll(/\bnew\s+OkHttpClient(?:\.Builder)?\s*\(|\bOkHttpClient(?:\.Builder)?\(\)/g)) {
      const own = statement(match.index);
      const set = /\.(?:callTimeout|readTimeout)\(([^)]*)\)/.exec(own);
      const given = set ? timeoutOf(set[1], code, 's') : { timeoutSet: false, timeout: null };
      const disabled = set !== null && /^\s*0\b/.test(set[1]!);
      items.push(
        clientItem(source, match.index, 'okhttp', {
          kind: 'construct',
          ...given,
          timeout: disabled ? 0 : (durationOf(set?.[1] ?? '') ?? given.timeout),
          defaultTimeout: 10,
          retries,
          pooled: true,
        }),
      );
    }
    for (const match of code.matchAll(/(?<![\w.])HttpClient\.(newHttpClient|newBuilder)\s*\(/g)) {
      if (!/java\.net\.http/.test(code)) break;
      const set = /HttpRequest[\s\S]{0,400}?\.timeout\(([^;]*?)\)\s*(?:\.|;|\n)/.exec(code);
      items.push(
        clientItem(source, match.index, 'java-http', {
          kind: 'construct',
          timeoutSet: set !== null,
          timeout: durationOf(set?.[1] ?? ''),
          retries,
          pooled: true,
        }),
      );
    }
    for (const call of findCalls(code, /@FeignClient(?=\s*\()/g)) {
      // Feign's own Request.Options bounds reading at 60 s; Spring Cloud sets the same.
      const name = argument(call.arguments, 'configuration');
      items.push(
        clientItem(source, call.offset, 'feign', {
          kind: 'construct',
          timeoutSet: name ? null : false,
          defaultTimeout: 60,
          retries,
          perCall: false,
        }),
      );
    }
    for (const match of code.matchAll(trustAll))
      items.push(clientItem(source, match.index, 'tls', { kind: 'construct', timeoutSet: null, verify: false }));
    return { items };
  },
};

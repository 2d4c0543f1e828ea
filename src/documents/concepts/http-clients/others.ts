import type { Item, Reader } from '../../../model/document.js';
import { entriesOf, findCalls } from '../syntax-text.js';
import { clientItem, durationOf, timeoutOf } from './shared.js';

/** Ruby: Net::HTTP, Faraday, HTTParty, RestClient, Excon (60 s by default); VERIFY_NONE. */
export const ruby: Reader = {
  name: 'http-clients/ruby',
  kind: 'http-clients',
  files: { languages: ['ruby'], roles: ['product', 'script'] },
  keywords: ['Net::HTTP', 'Faraday', 'HTTParty', 'RestClient', 'Excon', 'VERIFY_NONE'],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    const seconds = (pattern: RegExp) => {
      const match = pattern.exec(code);
      return match ? { timeoutSet: true, timeout: Number(match[1]) || null } : { timeoutSet: false, timeout: null };
    };
    for (const match of code.matchAll(/\bNet::HTTP\.(new|start|get|get_response|post|post_form)\b/g))
      items.push(
        clientItem(source, match.index, 'net-http', {
          kind: /new|start/.test(match[1]!) ? 'construct' : 'call',
          ...seconds(/read_timeout(?:\s*=|:)\s*(\d+)?/),
          defaultTimeout: 60,
          retries: null,
        }),
      );
    for (const match of code.matchAll(/\bFaraday\.(new|get|post|put|delete|patch)\b/g))
      items.push(
        clientItem(source, match.index, 'faraday', {
          kind: match[1] === 'new' ? 'construct' : 'call',
          ...seconds(/(?:\.|\b)(?:timeout|read_timeout)(?:\s*=|:)\s*(\d+)?/),
          defaultTimeout: 60,
          retries: /faraday[-_/]retry|:retry\b/.test(code) || null,
          verify: /verify:\s*false|ssl\.verify\s*=\s*false/.test(code) ? false : null,
        }),
      );
    for (const match of code.matchAll(/\bHTTParty\.(get|post|put|delete|patch)\b|\binclude\s+HTTParty\b/g))
      items.push(
        clientItem(source, match.index, 'httparty', {
          kind: match[1] ? 'call' : 'construct',
          ...seconds(/(?:timeout:|default_timeout)\s*(\d+)?/),
          defaultTimeout: 60,
          verify: /verify:\s*false/.test(code) ? false : null,
        }),
      );
    for (const match of code.matchAll(/\b(RestClient|Excon)(?:::(Resource|Request)\.|\.)(new|get|post|put|delete|patch|head|execute)\b/g))
      items.push(
        clientItem(source, match.index, match[1] === 'Excon' ? 'excon' : 'rest-client', {
          kind: match[3] === 'new' ? 'construct' : 'call',
          ...seconds(/\b(?:read_)?timeout:\s*(\d+)?/),
          defaultTimeout: 60,
          verify: /verify_ssl:\s*false|ssl_verify_peer:\s*false/.test(code) ? false : null,
        }),
      );
    for (const match of code.matchAll(/OpenSSL::SSL::VERIFY_NONE/g))
      items.push(clientItem(source, match.index, 'tls', { kind: 'construct', timeoutSet: null, verify: false }));
    return { items };
  },
};

/** Whether what PHP makes at an offset lives in a variable of one call alone; constructors, factories and closures for the container keep it. */
function forOneCall(code: string, offset: number): boolean {
  const before = code.slice(Math.max(0, offset - 4_000), offset);
  if (!/(?:\$(?!this\b)\w{1,40} ?= ?|\()$/.test(before.slice(-50))) return false;
  const owner = before.slice(before.lastIndexOf('function ')).slice(0, 60);
  return (
    /^function &?\w/.test(owner) && !/^function &?(?:__construct|register|boot|setup|\w*(?:client|make|create|build|guzzle))\b/i.test(owner)
  );
}

/** PHP: Guzzle (no default), Laravel's Http (30 s), cURL (none). */
export const php: Reader = {
  name: 'http-clients/php',
  kind: 'http-clients',
  files: { languages: ['php'], roles: ['product', 'script'] },
  keywords: ['Guzzle', 'Http::', 'curl_init', 'CURLOPT_SSL_VERIFY', "'verify'"],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    if (/GuzzleHttp/.test(code)) {
      for (const call of findCalls(code, /\bnew\s+(?:\\?GuzzleHttp\\)?(?:Guzzle)?(?:Http)?Client(?=\s*\()/g)) {
        const options = entriesOf(call.arguments[0]?.text ?? '[]');
        const given = timeoutOf(options?.get('timeout')?.text, code, 's');
        items.push(
          clientItem(source, call.offset, 'guzzle', {
            kind: 'construct',
            // Options that are put together elsewhere in the file: `new Client(array_merge($options, $defaults))`.
            ...(call.arguments[0] && !/^(?:\[|array\s*\()/.test(call.arguments[0].text)
              ? { timeoutSet: /['"]timeout['"]\s*=>/.test(code) || null }
              : given),
            retries: /Middleware::retry/.test(code) || null,
            verify: options?.get('verify')?.text === 'false' ? false : null,
            perCall: forOneCall(code, call.offset),
          }),
        );
      }
    }
    if (/Facades\\Http\b/.test(code)) {
      for (const match of code.matchAll(/\bHttp::(?:\w+\((?:[^()]|\([^()]*\))*\)\s*->\s*)*(?:get|post|put|patch|delete|send|pool)\(/g)) {
        const chain = match[0];
        const set = /timeout\(\s*(\d+)?/.exec(chain);
        items.push(
          clientItem(source, match.index, 'laravel-http', {
            kind: 'call',
            timeoutSet: set !== null,
            timeout: set?.[1] ? Number(set[1]) : null,
            defaultTimeout: 30,
            retries: /retry\(/.test(chain) || null,
            verify: /withoutVerifying\(/.test(chain) ? false : null,
            perCall: true,
          }),
        );
      }
    }
    for (const match of code.matchAll(/\bcurl_init\s*\(/g)) {
      const set = /CURLOPT_TIMEOUT(_MS)?\s*(?:,|=>)\s*(\d+)?/.exec(code);
      items.push(
        clientItem(source, match.index, 'curl', {
          kind: 'call',
          timeoutSet: set !== null && set[2] !== '0',
          timeout: set?.[2] && set[2] !== '0' ? Number(set[2]) / (set[1] ? 1000 : 1) : null,
          perCall: true,
        }),
      );
    }
    for (const match of code.matchAll(
      /CURLOPT_SSL_VERIFY(?:PEER|HOST)\s*(?:,|=>)\s*(?:false|0)\b|["']verify["']\s*=>\s*false|["']verify_peer["']\s*=>\s*false/gi,
    )) {
      const line = source.at(match.index).line;
      if (!items.some((i) => i.verify === false && i.line === line))
        items.push(clientItem(source, match.index, 'tls', { kind: 'construct', timeoutSet: null, verify: false }));
    }
    return { items };
  },
};

/** .NET: HttpClient (100 s by default), AddHttpClient, RestSharp; callbacks that accept every certificate. */
export const csharp: Reader = {
  name: 'http-clients/csharp',
  kind: 'http-clients',
  files: { languages: ['csharp'], roles: ['product', 'script'] },
  keywords: [
    'HttpClient',
    'ServerCertificateCustomValidationCallback',
    'ServerCertificateValidationCallback',
    'RestClient',
    'DangerousAcceptAnyServerCertificateValidator',
  ],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    const retries = /AddPolicyHandler|AddStandardResilienceHandler|AddResilienceHandler|WaitAndRetry|AddTransientHttpErrorPolicy/.test(code)
      ? true
      : null;
    for (const match of code.matchAll(/\bnew\s+HttpClient\s*\(|\.AddHttpClient(?:<[^>]*>)?\s*\(/g)) {
      const set = /\bTimeout\s*=\s*([^;,}]+)/.exec(code.slice(match.index, match.index + 1_000));
      const infinite = set !== null && /Infinite/.test(set[1]!);
      items.push(
        clientItem(source, match.index, 'httpclient', {
          kind: 'construct',
          timeoutSet: set !== null && !infinite,
          timeout: infinite ? 0 : durationOf(set?.[1] ?? ''),
          defaultTimeout: 100,
          retries,
          pooled: match[0].startsWith('.') ? true : null,
          perCall: match[0].startsWith('.') ? false : undefined,
        }),
      );
    }
    for (const match of code.matchAll(
      /DangerousAcceptAnyServerCertificateValidator|Server(?:Certificate)(?:Custom)?ValidationCallback\s*\+?=\s*(?:delegate\s*(?:\([^)]*\))?\s*\{\s*return\s+true|\(?[^=;{]*?\)?\s*=>\s*true)/g,
    ))
      items.push(clientItem(source, match.index, 'tls', { kind: 'construct', timeoutSet: null, verify: false }));
    return { items };
  },
};

/** Settings and command lines that switch verification off: environment files, Compose, Dockerfiles, scripts, workflows. */
export const switches: Reader = {
  name: 'http-clients/switches',
  kind: 'http-clients',
  files: {
    paths: [
      '*.yml',
      '*.yaml',
      '.env*',
      '*.env',
      'Dockerfile*',
      '*.dockerfile',
      '*.properties',
      '*.sh',
      'Makefile',
      'Procfile',
      'package.json',
    ],
    roles: ['config', 'script', 'product'],
  },
  keywords: ['NODE_TLS_REJECT_UNAUTHORIZED', 'PYTHONHTTPSVERIFY', 'GIT_SSL_NO_VERIFY', 'strict-ssl'],
  read(source) {
    const items: Item[] = [];
    for (const match of source.code.matchAll(
      /\b(?:NODE_TLS_REJECT_UNAUTHORIZED|PYTHONHTTPSVERIFY)["']?\s*[=:]\s*["']?0\b|\bGIT_SSL_NO_VERIFY["']?\s*[=:]\s*["']?(?:1|true)|\bstrict-ssl\s*[= ]\s*false/g,
    ))
      items.push(clientItem(source, match.index, 'environment', { kind: 'construct', timeoutSet: null, verify: false, perCall: false }));
    return { items };
  },
};

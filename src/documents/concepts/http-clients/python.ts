import type { Item, Reader } from '../../../model/document.js';
import { argument, findCalls, type Call } from '../syntax-text.js';
import { clientItem, durationOf, off, timeoutOf } from './shared.js';

const verbs = 'get|post|put|patch|delete|head|options|request|stream|send';
/** Vendor clients and their default timeout in seconds (openai-python, anthropic-sdk-python, botocore, stripe-python, twilio-python documentation). */
const vendors: Record<string, number | null> = {
  OpenAI: 600,
  AsyncOpenAI: 600,
  AzureOpenAI: 600,
  AsyncAzureOpenAI: 600,
  Anthropic: 600,
  AsyncAnthropic: 600,
  ChatOpenAI: 600,
  AzureChatOpenAI: 600,
  OpenAIEmbeddings: 600,
  ChatAnthropic: 600,
  StripeClient: 80,
};

const unverified = (call: Call) => {
  const verify =
    argument(call.arguments, 'verify')?.text ??
    argument(call.arguments, 'ssl')?.text ??
    argument(call.arguments, 'verify_ssl')?.text ??
    argument(call.arguments, 'context')?.text;
  if (verify === undefined) return null;
  return off(verify) || /CERT_NONE|_create_unverified_context/.test(verify) ? false : null;
};
const retrying = (code: string) =>
  /\bHTTPAdapter\([^)]*max_retries|\btenacity\b|@retry\b|@backoff\.|\bstamina\b|urllib3\.util\.(?:retry|Retry)|\bRetry\(/.test(code)
    ? true
    : null;

/** requests, httpx, aiohttp, urllib, urllib3 and vendor SDKs. */
export const python: Reader = {
  name: 'http-clients/python',
  kind: 'http-clients',
  files: { languages: ['python'], roles: ['product', 'script'] },
  keywords: [
    'requests',
    'httpx',
    'aiohttp',
    'urlopen',
    'urllib3',
    'openai',
    'anthropic',
    'boto3',
    'stripe',
    'twilio',
    '_create_unverified_context',
    'CERT_NONE',
  ],
  read(source) {
    const { code } = source;
    const items: Item[] = [];
    const retries = retrying(code);
    const imported = (name: string) =>
      new RegExp(`^\\s*(?:import\\s+(?:[\\w., ]+,\\s*)?${name}\\b|from\\s+${name}[\\w.]*\\s+import\\b)`, 'm').test(code);
    const direct = (call: Call, technology: string, defaultTimeout: number | null, position = -1) =>
      items.push(
        clientItem(source, call.offset, technology, {
          kind: 'call',
          ...given(call, code, position),
          defaultTimeout,
          retries,
          verify: unverified(call),
          pooled: false,
          perCall: true,
        }),
      );
    if (imported('requests')) {
      for (const call of findCalls(code, new RegExp(`(?<![\\w.])requests\\.(?:${verbs})(?=\\s*\\()`, 'g'))) direct(call, 'requests', null);
      const adapter = /class\s+(\w*)\([^)]*HTTPAdapter[^)]*\)[\s\S]{0,1500}?timeout/.test(code);
      for (const { name, offset } of assignedTo(code, /(?:requests\.)?[sS]ession\(\s*\)/)) {
        const mounted =
          adapter || new RegExp(`\\b${name.replace('.', '\\.')}\\.request\\s*=\\s*(?:functools\\.)?partial\\([^)]*timeout`).test(code);
        const insecure = new RegExp(`\\b${name.replace('.', '\\.')}\\.verify\\s*=\\s*False`).test(code);
        items.push(
          clientItem(source, offset, 'requests', {
            kind: 'construct',
            timeoutSet: mounted ? true : null,
            retries,
            verify: insecure ? false : null,
            pooled: true,
          }),
        );
        for (const call of findCalls(code, new RegExp(`(?<![\\w.])${name.replace('.', '\\.')}\\.(?:${verbs})(?=\\s*\\()`, 'g'))) {
          if (call.name.endsWith('.send') || mounted) continue;
          items.push(
            clientItem(source, call.offset, 'requests', {
              kind: 'call',
              ...given(call, code, -1),
              retries,
              verify: unverified(call),
              pooled: true,
              perCall: true,
            }),
          );
        }
      }
    }
    if (imported('httpx')) {
      for (const call of findCalls(code, new RegExp(`(?<![\\w.])httpx\\.(?:${verbs})(?=\\s*\\()`, 'g'))) direct(call, 'httpx', 5);
      for (const call of findCalls(code, /(?<![\w.])(?:httpx\.)?(?:AsyncClient|Client)(?=\s*\()/g)) {
        if (!call.name.startsWith('httpx.') && !/from\s+httpx\s+import\s+[^\n]*Client/.test(code)) continue;
        items.push(
          clientItem(source, call.offset, 'httpx', {
            kind: 'construct',
            ...given(call, code, -1),
            defaultTimeout: 5,
            retries: /retries\s*=/.test(call.inner) ? true : retries,
            verify: unverified(call),
            pooled: true,
          }),
        );
      }
    }
    if (imported('aiohttp')) {
      for (const call of findCalls(code, /(?<![\w.])(?:aiohttp\.)?ClientSession(?=\s*\()/g)) {
        const insecure =
          /(?:ssl|verify_ssl)\s*=\s*False/.test(call.inner) || /TCPConnector\([^)]*(?:ssl|verify_ssl)\s*=\s*False/.test(code);
        items.push(
          clientItem(source, call.offset, 'aiohttp', {
            kind: 'construct',
            ...given(call, code, -1),
            defaultTimeout: 300,
            retries,
            verify: insecure ? false : null,
            pooled: true,
          }),
        );
      }
    }
    if (/\burlopen\b/.test(code) && /urllib/.test(code))
      for (const call of findCalls(code, /(?<![\w.])(?:urllib\.request\.|request\.|urllib2\.)?urlopen(?=\s*\()/g))
        direct(call, 'urllib', null, 2);
    if (imported('urllib3'))
      for (const call of findCalls(code, /\burllib3\.PoolManager(?=\s*\()/g))
        items.push(
          clientItem(source, call.offset, 'urllib3', {
            kind: 'construct',
            ...given(call, code, -1),
            retries: true,
            verify: /CERT_NONE/.test(call.inner) ? false : null,
            pooled: true,
          }),
        );
    for (const call of findCalls(
      code,
      /(?<![\w.])(?:openai\.|anthropic\.|stripe\.)?(?:Async)?(?:OpenAI|AzureOpenAI|Anthropic|ChatOpenAI|AzureChatOpenAI|OpenAIEmbeddings|ChatAnthropic|StripeClient)(?=\s*\()/g,
    )) {
      if (!/\b(?:openai|anthropic|langchain\w*|stripe)\b/.test(code)) continue;
      const name = call.name.split('.').pop()!;
      const retriesGiven = argument(call.arguments, 'max_retries')?.text;
      items.push(
        clientItem(source, call.offset, /nthropic/.test(name) ? 'anthropic' : /tripe/.test(name) ? 'stripe' : 'openai', {
          kind: 'construct',
          ...given(call, code, -1),
          defaultTimeout: vendors[name] ?? 600,
          retries: retriesGiven ? !off(retriesGiven) : true,
          pooled: true,
        }),
      );
    }
    if (imported('boto3')) {
      const config = /\bConfig\(\s*([^)]*)/.exec(code)?.[1] ?? '';
      for (const call of findCalls(code, /(?<![\w.])(?:boto3|session)\.(?:client|resource)(?=\s*\()/g)) {
        const set = /read_timeout\s*=\s*([\d.]+)/.exec(argument(call.arguments, 'config') ? config : '');
        items.push(
          clientItem(source, call.offset, 'boto3', {
            kind: 'construct',
            timeout: set ? Number(set[1]) : null,
            timeoutSet: set !== null,
            defaultTimeout: 60,
            retries: true,
            verify: unverified(call),
            pooled: true,
          }),
        );
      }
    }
    for (const match of code.matchAll(
      /\bssl\._create_default_https_context\s*=\s*ssl\._create_unverified_context|\bverify_mode\s*=\s*ssl\.CERT_NONE|\bcheck_hostname\s*=\s*False/g,
    )) {
      items.push(clientItem(source, match.index, 'ssl', { kind: 'construct', timeoutSet: null, verify: false }));
    }
    return { items };
  },
};

/** The timeout of a call. **kwargs may hold one; a wrapper that passes timeout on sets it. */
function given(call: Call, code: string, position: number) {
  const own = argument(call.arguments, 'timeout', position)?.text ?? argument(call.arguments, 'request_timeout')?.text;
  if (own === undefined)
    return call.arguments.some((a) => a.text.startsWith('**')) ? { timeoutSet: null, timeout: null } : { timeoutSet: false, timeout: null };
  const plain = durationOf(own);
  // An explicit None takes the default away.
  if (/^None$/.test(own.trim()) || /Timeout\(\s*(?:timeout\s*=\s*|total\s*=\s*)?None\s*\)/.test(own))
    return { timeoutSet: false, timeout: 0 };
  return plain !== null && /Timeout\(/.test(own) ? { timeoutSet: true, timeout: plain } : timeoutOf(own, code, 's');
}

function assignedTo(code: string, pattern: RegExp): { name: string; offset: number }[] {
  const found: { name: string; offset: number }[] = [];
  for (const match of code.matchAll(
    new RegExp(`((?:self\\.)?\\w+)\\s*=\\s*${pattern.source}|with\\s+${pattern.source}\\s+as\\s+(\\w+)`, 'g'),
  ))
    found.push({ name: match[1] ?? match[2]!, offset: match.index });
  return found;
}

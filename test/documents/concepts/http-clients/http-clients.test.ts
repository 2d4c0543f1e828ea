import { describe, expect, it } from 'vitest';
import picomatch from 'picomatch';
import { httpClientsReaders } from '../../../../src/documents/concepts/http-clients/index.js';
import type { Item } from '../../../../src/model/document.js';
import { concepts } from '../../../../src/model/concepts.js';
import { sourceOf } from '../../../support/source.js';

async function read(path: string, text: string): Promise<Item[]> {
  const source = sourceOf(path, text);
  const items: Item[] = [];
  for (const reader of httpClientsReaders) {
    const { languages, paths } = reader.files;
    if (languages && (!source.file.language || !languages.includes(source.file.language))) continue;
    if (
      paths &&
      !picomatch(
        paths.map((p) => `**/${p}`),
        { dot: true },
      )(path)
    )
      continue;
    if (reader.keywords!.some((k) => text.toLowerCase().includes(k.toLowerCase())))
      items.push(...((await reader.read(source)).items ?? []));
  }
  for (const item of items) concepts['http-clients'].parse(item);
  return items;
}

const cases: [string, string, string, Partial<Item>[]][] = [
  ['requests without timeout', 'a.py', 'import requests\nrequests.get(url)', [{ technology: 'requests', kind: 'call', timeoutSet: false, timeout: null, defaultTimeout: null, line: 2 }]],
  ['requests with timeout', 'a.py', 'import requests\nrequests.post(url, json=x, timeout=10)', [{ timeoutSet: true, timeout: 10 }]],
  ['requests with a pair', 'a.py', 'import requests\nrequests.get(url, timeout=(3.05, 27))', [{ timeoutSet: true, timeout: 27 }]],
  ['requests with a constant', 'a.py', 'import requests\nTIMEOUT = 5\nrequests.get(url, timeout=TIMEOUT)', [{ timeoutSet: true, timeout: 5 }]],
  ['requests with a setting', 'a.py', 'import requests\nrequests.get(url, timeout=settings.TIMEOUT)', [{ timeoutSet: true, timeout: null }]],
  ['requests timeout=None', 'a.py', 'import requests\nrequests.get(url, timeout=None)', [{ timeoutSet: false, timeout: 0 }]],
  ['requests **kwargs', 'a.py', 'import requests\nrequests.get(url, **kwargs)', [{ timeoutSet: null }]],
  ['requests unverified', 'a.py', 'import requests\nrequests.get(url, verify=False, timeout=1)', [{ verify: false }]],
  ['requests with a bundle', 'a.py', 'import requests\nrequests.get(url, verify="/etc/ca.pem", timeout=1)', [{ verify: null }]],
  ['requests session', 'a.py', 'import requests\ns = requests.Session()\ns.get(url)', [{ kind: 'construct', pooled: true, timeoutSet: null }, { kind: 'call', timeoutSet: false, pooled: true }]],
  ['rest-client', 'a.rb', 'JSON.parse(RestClient.get(url, {}))', [{ technology: 'rest-client', kind: 'call', timeoutSet: false, defaultTimeout: 60 }]],
  ['rest-client with a timeout', 'a.rb', 'RestClient::Request.execute(method: :get, url: url, timeout: 5)', [{ technology: 'rest-client', kind: 'call', timeoutSet: true, timeout: 5 }]],
  ['an error of rest-client', 'a.rb', 'rescue RestClient::Exception => e', []],
  ['requests in a comment', 'a.py', 'import requests\n# requests.get(url)\n', []],
  ['another thing called requests', 'a.py', 'requests = []\nrequests.get(url)', []],
  ['httpx client', 'a.py', 'import httpx\nclient = httpx.AsyncClient()', [{ kind: 'construct', timeoutSet: false, timeout: null, defaultTimeout: 5, perCall: false }]],
  ['httpx per call', 'a.py', 'import httpx\ndef f():\n    with httpx.Client(timeout=None) as c:\n        pass', [{ timeoutSet: false, timeout: 0, perCall: true }]],
  ['aiohttp', 'a.py', 'import aiohttp\nasync def f():\n    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as s:\n        pass', [{ timeoutSet: true, timeout: 10, defaultTimeout: 300 }]],
  ['urllib', 'a.py', 'from urllib.request import urlopen\nurlopen(url)\nurlopen(url, None, 5)', [{ timeoutSet: false }, { timeoutSet: true, timeout: 5 }]],
  ['openai', 'a.py', 'from openai import OpenAI\nclient = OpenAI(max_retries=0)', [{ technology: 'openai', timeoutSet: false, defaultTimeout: 600, retries: false }]],
  ['boto3', 'a.py', 'import boto3\ns3 = boto3.client("s3")', [{ technology: 'boto3', defaultTimeout: 60, retries: true }]],
  ['ssl context', 'a.py', 'import ssl, urllib3\nctx.verify_mode = ssl.CERT_NONE', [{ verify: false }]],
  ['axios call', 'a.js', "import axios from 'axios';\nawait axios.get(url);", [{ technology: 'axios', timeoutSet: false, defaultTimeout: null }]],
  ['axios with timeout', 'a.js', "import axios from 'axios';\nawait axios.post(url, body, { timeout: 5000 });", [{ timeoutSet: true, timeout: 5 }]],
  ['axios with signal', 'a.js', "import axios from 'axios';\nawait axios.get(url, { signal: AbortSignal.timeout(2000) });", [{ timeoutSet: true, timeout: 2 }]],
  ['axios defaults', 'a.js', "import axios from 'axios';\naxios.defaults.timeout = 3000;\nawait axios.get(url);", [{ timeoutSet: true, timeout: 3 }]],
  ['axios create', 'a.ts', "import axios from 'axios';\nexport const api = axios.create({ baseURL: x, timeout: 1e4 });", [{ kind: 'construct', timeoutSet: true }]],
  ['axios create without', 'a.ts', "import axios from 'axios';\nexport const api = axios.create({ baseURL: x });", [{ kind: 'construct', timeoutSet: false, perCall: false }]],
  ['axios timeout 0', 'a.ts', "import axios from 'axios';\nexport const api = axios.create({ timeout: 0 });", [{ timeoutSet: false, timeout: 0 }]],
  ['fetch', 'a.js', "const r = await fetch('https://a.org/x');", [{ technology: 'fetch', timeoutSet: false, defaultTimeout: 300 }]],
  ['node-fetch', 'a.js', "import fetch from 'node-fetch';\nconst r = await fetch(url);", [{ technology: 'node-fetch', timeoutSet: false, defaultTimeout: null }]],
  ['fetch with signal', 'a.js', 'const r = await fetch(url, { signal: controller.signal });', [{ timeoutSet: true }]],
  ['fetch in a browser component', 'a.tsx', "import { useState } from 'react';\nfetch('https://a.org/x');", [{ frontend: true }]],
  ['got', 'a.js', "import got from 'got';\nawait got(url, { timeout: { request: 1000 } });", [{ timeoutSet: true, timeout: 1 }]],
  ['agent that trusts everybody', 'a.js', "import axios from 'axios';\nconst agent = new https.Agent({ rejectUnauthorized: false });", [{ verify: false }]],
  ['node switch', 'a.js', "import fetch from 'node-fetch';\nprocess.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';", [{ verify: false }]],
  ['compose switch', 'compose.yml', 'environment:\n  NODE_TLS_REJECT_UNAUTHORIZED: "0"\n', [{ verify: false, line: 2 }]],
  ['stripe', 'a.ts', "import Stripe from 'stripe';\nconst s = new Stripe(key, { timeout: 20000 });", [{ technology: 'stripe', timeoutSet: true, timeout: 20, defaultTimeout: 80 }]],
  ['go Get', 'a.go', 'func f() {\n resp, err := http.Get(url)\n}', [{ technology: 'net/http', kind: 'call', timeoutSet: false, line: 2 }]],
  ['go client', 'a.go', 'var c = &http.Client{Timeout: 10 * time.Second}', [{ kind: 'construct', timeoutSet: true, timeout: 10 }]],
  ['go bare client', 'a.go', 'var c = &http.Client{}', [{ kind: 'construct', timeoutSet: false }]],
  ['go client with context', 'a.go', 'func f(ctx context.Context) {\n req, _ := http.NewRequestWithContext(ctx, "GET", u, nil)\n http.DefaultClient.Do(req)\n}', [{ timeoutSet: true }]],
  ['go signature', 'a.go', 'func New() *http.Client {\n return &http.Client{Timeout: t}\n}', [{ kind: 'construct', timeoutSet: true, line: 2 }]],
  ['go context in a goroutine', 'a.go', `package a\n\nfunc f(ctx context.Context) {\n c := http.Client{Transport: t}\n${' // ...\n'.repeat(80)} go func() {\n  ctx, cancel := context.WithTimeout(ctx, d)\n }()\n}`, [{ kind: 'construct', timeoutSet: null }]],
  ['go transport whose connections have a deadline', 'a.go', 'var c = &http.Client{\n Transport: &http.Transport{Dial: dial},\n}\nfunc dial(network, addr string) (net.Conn, error) {\n conn, err := net.DialTimeout(network, addr, t)\n return conn, conn.SetDeadline(time.Now().Add(t))\n}', [{ kind: 'construct', timeoutSet: null }]],
  ['go default client', 'a.go', 'func f() {\n http.DefaultClient.Do(req)\n}', [{ timeoutSet: false }]],
  ['go insecure on request', 'a.go', 'package a\n\nfunc f(c Config) {\n\tif c.SkipTLSVerify {\n\t\ttr.TLSClientConfig = &tls.Config{InsecureSkipVerify: true}\n\t}\n}', []],
  ['rust client', 'src/mail.rs', 'use reqwest::Client;\nfn f() { let c = Client::builder().timeout(t).build(); }', [{ technology: 'reqwest', kind: 'construct', timeoutSet: true }]],
  ['rust call', 'src/mail.rs', 'async fn f() { reqwest::get(url).await }', [{ technology: 'reqwest', kind: 'call', timeoutSet: false, line: 1 }]],
  ['go insecure', 'a.go', 'tr := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}', [{ verify: false }]],
  ['RestTemplate', 'A.java', '@Bean\nRestTemplate t() {\n  return new RestTemplate();\n}', [{ technology: 'resttemplate', timeoutSet: false, line: 3 }]],
  ['RestTemplate with factory', 'A.java', 'f.setReadTimeout(Duration.ofSeconds(3));\nRestTemplate t = new RestTemplate(f);', [{ timeoutSet: true, timeout: 3 }]],
  ['WebClient', 'A.java', 'WebClient c = WebClient.builder().baseUrl("x").build();', [{ technology: 'webclient', timeoutSet: false }]],
  ['WebClient with timeout', 'A.java', 'HttpClient h = HttpClient.create().responseTimeout(Duration.ofSeconds(5));\nWebClient c = WebClient.builder().clientConnector(new X(h)).build();', [{ technology: 'webclient', timeoutSet: true, timeout: 5 }]],
  ['OkHttp', 'A.kt', 'val c = OkHttpClient.Builder().readTimeout(30, TimeUnit.SECONDS).build()', [{ technology: 'okhttp', timeoutSet: true, timeout: 30, defaultTimeout: 10 }]],
  ['a cached function keeps its client', 'a.py', 'import openai, streamlit as st\n\n@st.cache_resource\ndef client():\n    return openai.OpenAI(timeout=5)\n', [{ kind: 'construct', perCall: false }]],
  ['another function makes one each time', 'a.py', 'import openai\n\ndef ask():\n    return openai.OpenAI(timeout=5)\n', [{ kind: 'construct', perCall: true }]],
  ['Java HttpClient', 'A.java', 'import java.net.http.HttpClient;\nHttpClient c = HttpClient.newHttpClient();', [{ technology: 'java-http', timeoutSet: false }]],
  ['trust all', 'A.java', 'b.setSSLHostnameVerifier(NoopHostnameVerifier.INSTANCE);', [{ verify: false }]],
  ['Net::HTTP', 'a.rb', 'Net::HTTP.get(uri)', [{ technology: 'net-http', defaultTimeout: 60 }]],
  ['Faraday', 'a.rb', 'Faraday.new(url: x) { |f| f.options.timeout = 5 }', [{ timeoutSet: true, timeout: 5 }]],
  ['VERIFY_NONE', 'a.rb', 'http.verify_mode = OpenSSL::SSL::VERIFY_NONE', [{ verify: false }]],
  ['Guzzle', 'a.php', "<?php use GuzzleHttp\\Client;\n$c = new Client(['base_uri' => 'x']);", [{ technology: 'guzzle', timeoutSet: false, defaultTimeout: null }]],
  ['Guzzle with timeout', 'a.php', "<?php use GuzzleHttp\\Client;\n$c = new Client(['timeout' => 2.5, 'verify' => false]);", [{ timeoutSet: true, timeout: 2.5, verify: false }]],
  ['Guzzle for one call', 'a.php', "<?php use GuzzleHttp\\Client;\nclass A {\n  function fetch($url) {\n    $client = new Client(['timeout' => 5]);\n    return $client->get($url);\n  }\n}", [{ technology: 'guzzle', perCall: true }]],
  ['Guzzle that a constructor keeps', 'a.php', "<?php use GuzzleHttp\\Client;\nclass A {\n  function __construct() {\n    $client = new Client(['timeout' => 5]);\n    $this->client = $client;\n  }\n  function other() {\n    $this->client = new Client(['timeout' => 5]);\n  }\n}", [{ perCall: false }, { perCall: false }]],
  ['Laravel Http', 'a.php', '<?php use Illuminate\\Support\\Facades\\Http;\n$r = Http::timeout(3)->retry(2)->get($url);', [{ technology: 'laravel-http', timeoutSet: true, timeout: 3, retries: true }]],
  ['curl', 'a.php', '<?php $c = curl_init();\ncurl_setopt($c, CURLOPT_SSL_VERIFYPEER, false);', [{ technology: 'curl', timeoutSet: false }, { verify: false }]],
  ['HttpClient', 'a.cs', 'var c = new HttpClient();', [{ technology: 'httpclient', timeoutSet: false, defaultTimeout: 100 }]],
  ['HttpClient accepting all', 'a.cs', 'h.ServerCertificateCustomValidationCallback = (m, c, ch, e) => true;', [{ verify: false }]],
]; // prettier-ignore

describe('http clients', () => {
  it.each(cases)('%s', async (_name, path, text, expected) => {
    const items = await read(path, text);
    expect(items).toHaveLength(expected.length);
    expected.forEach((fields, i) => expect(items[i]).toMatchObject(fields));
  });
});

import { expect, test } from 'vitest';
import { parseApache, parseCaddy, parseHaproxy } from '../../../src/documents/formats/proxies.js';
import { parseNginx } from '../../../src/documents/formats/nginx.js';
import { collect } from '../collect.js';

test('blocks, quotes, comments, regular expressions with braces, lines', () => {
  const { directives, problems } = parseNginx(`# server { listen 1; }
server {
  listen 443 ssl; # comment ; here
  add_header Content-Security-Policy "default-src 'self'; img-src *" always;
  location ~ ^/a{2,3}$ { proxy_pass http://app:8000; }
  if ($scheme != https) { return 301 https://$host$request_uri; }
}
`);
  expect(problems).toEqual([]);
  expect(directives).toHaveLength(1);
  expect(directives[0]!.block).toEqual([
    { directive: 'listen', args: ['443', 'ssl'], line: 3, block: null },
    { directive: 'add_header', args: ['Content-Security-Policy', "default-src 'self'; img-src *", 'always'], line: 4, block: null },
    {
      directive: 'location',
      args: ['~', '^/a{2,3}$'],
      line: 5,
      block: [{ directive: 'proxy_pass', args: ['http://app:8000'], line: 5, block: null }],
    },
    {
      directive: 'if',
      args: ['($scheme', '!=', 'https)'],
      line: 6,
      block: [{ directive: 'return', args: ['301', 'https://$host$request_uri'], line: 6, block: null }],
    },
  ]);
});

test('templates and Lua are tolerated, unclosed blocks are a problem', () => {
  const { directives, problems } = parseNginx(
    '{% if tls %}\nserver {\n  listen {{ port }};\n  proxy_pass http://${BACKEND}:80;\n  content_by_lua_block { if x then y = {} end }\n  gzip on;\n{% endif %}',
  );
  expect(directives[0]!.block!.map((d) => [d.directive, ...d.args])).toEqual([
    ['listen', '{{ port }}'],
    ['proxy_pass', 'http://${BACKEND}:80'],
    ['content_by_lua_block'],
    ['gzip', 'on'],
  ]);
  expect(problems).toHaveLength(1);
});

test('only nginx files become documents, with places', async () => {
  const { documents } = await collect('nginx', {
    'deploy/nginx.conf': 'http {\n  server {\n    listen 80;\n  }\n}\n',
    'supervisord.conf': '[program:web]\ncommand=gunicorn --bind server\n',
    'apache.conf': '<VirtualHost *:80>\n  ServerName location\n</VirtualHost>\n',
    'redis.conf': 'maxmemory 100mb\n# server\n',
  });
  expect(documents.map((d) => d.path)).toEqual(['deploy/nginx.conf']);
  expect(documents[0]!.place([0, 'block', 0, 'block', 0])).toEqual({ path: 'deploy/nginx.conf', line: 3 });
});

test('Caddy, Apache and HAProxy give the same tree', () => {
  expect(parseCaddy('shop.example.org {\n  reverse_proxy app:8000 # back end\n  header {\n    X-Frame-Options "DENY"\n  }\n}\n')).toEqual([
    {
      directive: 'shop.example.org',
      args: [],
      line: 1,
      block: [
        { directive: 'reverse_proxy', args: ['app:8000'], line: 2, block: null },
        { directive: 'header', args: [], line: 3, block: [{ directive: 'X-Frame-Options', args: ['DENY'], line: 4, block: null }] },
      ],
    },
  ]);
  expect(parseApache('<VirtualHost *:443>\n  Header always set X-A "b c"\n</VirtualHost>\n')[0]).toMatchObject({
    directive: 'VirtualHost',
    args: ['*:443'],
    block: [{ directive: 'Header', args: ['always', 'set', 'X-A', 'b c'], line: 2 }],
  });
  expect(
    parseHaproxy('frontend web\n  bind :80\nbackend app\n  server a 10.0.0.1:80 check\n').map((d) => [d.args[0], d.block!.length]),
  ).toEqual([
    ['web', 1],
    ['app', 1],
  ]);
});

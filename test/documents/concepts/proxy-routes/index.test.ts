import { expect, test } from 'vitest';
import { concepts } from '../../../../src/model/concepts.js';
import { collect } from '../../collect.js';

test('a location with headers of its own inherits none', async () => {
  const { items } = await collect('proxy-routes', {
    'nginx.conf':
      'server {\n  proxy_set_header Host $host;\n  location / {\n    proxy_pass http://a:1;\n  }\n  location /ws {\n    proxy_set_header Upgrade $http_upgrade;\n    proxy_pass http://a:1;\n  }\n}\n',
  });
  expect(items.map((i) => concepts['proxy-routes'].strict().parse(i)).map((r) => [r.line, r.host, r.scheme])).toEqual([
    [4, true, false],
    [8, false, false],
  ]);
});

import { expect, test } from 'vitest';
import { concepts } from '../../../../src/model/concepts.js';
import { portsOf } from '../../../../src/documents/concepts/firewall-rules/index.js';
import { collect } from '../../collect.js';

const rules = async (files: Record<string, string>) =>
  (await collect('firewall-rules', files)).items
    .map((i) => concepts['firewall-rules'].strict().parse(i))
    .filter((r) => r.ports.length > 0 || r.off)
    .map((r) => `${r.line} ${r.world ? 'world' : 'named'} ${r.ports.map((p) => `${p.from}-${p.to}`).join(',')}${r.off ? ' off' : ''}`);

test.each([
  ['80', [[80, 80]]],
  ['8000:8010/tcp', [[8000, 8010]]],
  [
    '80,443',
    [
      [80, 80],
      [443, 443],
    ],
  ],
  ['OpenSSH', [[22, 22]]],
  ['', [[0, 65535]]],
  ['${var.port}', []],
])('ports %s', (written, expected) => expect(portsOf(written).map((p) => [p.from, p.to])).toEqual(expected));

test('Terraform of several clouds', async () => {
  expect(
    await rules({
      'main.tf':
        'resource "aws_security_group" "a" {\n  ingress {\n    from_port = 22\n    to_port = 22\n    protocol = "tcp"\n    cidr_blocks = ["0.0.0.0/0"]\n  }\n}\n',
    }),
  ).toEqual(['2 world 22-22']);
  expect(
    await rules({
      'main.tf':
        'resource "google_compute_firewall" "a" {\n  source_ranges = ["10.0.0.0/8"]\n  allow {\n    protocol = "tcp"\n    ports = ["5432"]\n  }\n}\n',
    }),
  ).toEqual(['3 named 5432-5432']);
  expect(
    await rules({
      'main.tf':
        'resource "hcloud_firewall" "a" {\n  rule {\n    direction = "in"\n    protocol = "tcp"\n    port = "443"\n    source_ips = ["0.0.0.0/0", "::/0"]\n  }\n}\n',
    }),
  ).toEqual(['2 world 443-443']);
});

test('ufw in scripts and playbooks', async () => {
  expect(
    await rules({
      'setup/server.sh': '#!/bin/sh\n# ufw allow 5432\nufw allow 443/tcp\nufw allow from 10.0.0.0/8 to any port 22\nufw disable\n',
    }),
  ).toEqual(['3 world 443-443', '4 named 22-22', '5 named  off']);
  expect(
    await rules({
      'ansible/site.yml':
        '- hosts: all\n  tasks:\n    - community.general.ufw:\n        rule: allow\n        port: "{{ item }}"\n      loop: ["80", "443"]\n',
    }),
  ).toEqual(['3 world 80-80,443-443']);
});

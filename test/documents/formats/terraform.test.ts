import { expect, test } from 'vitest';
import { at } from '../../../src/documents/json.js';
import { parseTerraform } from '../../../src/documents/formats/terraform.js';
import { collect } from '../collect.js';

const source = `# resource "x" "y" {}
resource "aws_db_instance" "main" {
  engine            = "postgres" // trailing
  storage_encrypted = true
  backup_retention_period = 7
  password = var.db_password
  tags = { Name = "a-\${var.env}", "b c" = 1 }
  zones = ["a", local.z, 3,]
  user_data = <<-EOT
    #!/bin/sh
    echo "}"
  EOT
  policy = jsonencode({ Statement = [{ Effect = "Allow" }] })
  size = var.big ? "l" : "s"
  ingress {
    cidr_blocks = ["0.0.0.0/0"]
  }
  dynamic "setting" {
    for_each = var.settings
    content { name = setting.value }
  }
  /* block
  comment = true */
}
variable "env" { default = "prod" }
`;

test('attributes, blocks, values and places', () => {
  const { root, lineOf, problems } = parseTerraform(source);
  expect(problems).toEqual([]);
  const resource = at(root, 'resource', 0);
  expect(resource).toMatchObject({ type: 'aws_db_instance', name: 'main', line: 2 });
  expect(at(resource, 'attributes')).toEqual({
    engine: 'postgres',
    storage_encrypted: true,
    backup_retention_period: 7,
    password: '${var.db_password}',
    tags: { Name: 'a-${var.env}', 'b c': 1 },
    zones: ['a', '${local.z}', 3],
    user_data: '#!/bin/sh\necho "}"',
    policy: { Statement: [{ Effect: 'Allow' }] },
    size: '${var.big ? "l" : "s"}',
  });
  expect(at(resource, 'blocks')).toMatchObject([
    { type: 'ingress', line: 15, attributes: { cidr_blocks: ['0.0.0.0/0'] } },
    { type: 'dynamic', labels: ['setting'], blocks: [{ type: 'content' }] },
  ]);
  expect(lineOf(['resource', 0, 'attributes', 'storage_encrypted'])).toBe(4);
  expect(lineOf(['resource', 0, 'blocks', 0, 'attributes', 'cidr_blocks'])).toBe(16);
  expect(at(root, 'variable', 0, 'name')).toBe('env');
});

test('broken input gives problems and ends', () => {
  expect(parseTerraform('resource "a" "b" {\n  x = {\n').problems.length).toBeGreaterThan(0);
  expect(parseTerraform('}}}}{{{{ = = "').problems.length).toBeGreaterThan(0);
  expect(at(parseTerraform(`x = ${'['.repeat(5000)}`).root, 'attributes')).toBeDefined();
});

test('variables and locals of the same folder are filled in where certain; count = 0 is off', async () => {
  const { documents } = await collect('terraform', {
    'infra/main.tf':
      'resource "r" "off" {\n  count = var.extra ? 1 : 0\n}\nresource "r" "on" {\n  days = var.days\n  name = "x-${var.env}"\n  key = var.secret\n}\n',
    'infra/variables.tf':
      'variable "days" { default = 7 }\nvariable "env" { default = "dev" }\nvariable "extra" { default = false }\nvariable "secret" {}\n',
    'infra/terraform.tfvars': 'env = "prod"\n',
    'other/variables.tf': 'variable "secret" { default = "no" }\n',
  });
  const main = documents.find((d) => d.path === 'infra/main.tf')!;
  expect(at(main.root, 'resource')).toMatchObject([{ name: 'on', attributes: { days: 7, name: 'x-prod', key: '${var.secret}' } }]);
  expect(main.place(['resource', 0, 'attributes', 'days']).line).toBe(5);
});

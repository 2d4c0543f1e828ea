import type { ConceptItem } from '../../../model/concepts.js';
import type { Combiner, Document, Item, Json, Reader } from '../../../model/document.js';
import type { Variant } from '../../../model/file.js';
import type { Source } from '../../../model/source.js';
import { parseYaml } from '../../../safe/yaml.js';
import { at, isRecord, list, record, text, texts, type JsonMap } from '../../json.js';

type Rule = ConceptItem<'firewall-rules'>;
type Ports = Rule['ports'];

const everything = { from: 0, to: 65535 };
const named: Record<string, number> = {
  ssh: 22,
  openssh: 22,
  http: 80,
  https: 443,
  'nginx http': 80,
  'nginx https': 443,
  rdp: 3389,
  postgresql: 5432,
  mysql: 3306,
  redis: 6379,
};
const anyone = /^(?:0\.0\.0\.0\/0|::\/0|\*|any|all|internet|0\.0\.0\.0)$/i;

/** "80", "80,443", "8000-8010", "8000:8010/tcp", "ssh", "Nginx Full", "" (all). Unreadable ones (variables) give none. */
export function portsOf(written: string): Ports {
  const value = written.trim().replace(/\/(?:tcp|udp)$/i, '');
  if (value === '' || value === '*' || /^(?:any|all|-1)$/i.test(value)) return [everything];
  if (/^(?:nginx|apache|www) (?:full)$/i.test(value) || /^www full$/i.test(value))
    return [
      { from: 80, to: 80 },
      { from: 443, to: 443 },
    ];
  return value.split(',').flatMap((part) => {
    const [, from, to] = /^\s*(\d{1,5})(?:[-:](\d{1,5}))?\s*$/.exec(part) ?? [];
    if (from !== undefined) return [{ from: Number(from), to: Number(to ?? from) }];
    const port = named[part.trim().toLowerCase()];
    return port === undefined ? [] : [{ from: port, to: port }];
  });
}

const shown = (ports: Ports): string =>
  ports.map((p) => (p.from === 0 && p.to >= 65535 ? 'every port' : p.from === p.to ? String(p.from) : `${p.from}-${p.to}`)).join(', ');
const describe = (world: boolean, ports: Ports): string =>
  `${shown(ports) || 'a port'} is open to ${world ? 'the whole internet' : 'named sources'}`;

function rule(path: string, line: number, source: Rule['source'], variant: Variant, fields: Partial<Rule>): Rule {
  const world = fields.world ?? false;
  const ports = fields.ports ?? [];
  return { path, line, source, world, ports, off: false, deniesByDefault: false, message: describe(world, ports), variant, ...fields };
}

const inRange = (from: Json | undefined, to: Json | undefined, protocol: string): Ports => {
  if (/^(?:-1|all)$/i.test(protocol)) return [everything];
  if (/icmp/i.test(protocol)) return [];
  const low = Number(text(from));
  const high = Number(text(to) || text(from));
  return text(from) === '' || !Number.isFinite(low) || !Number.isFinite(high)
    ? []
    : low === 0 && high === 0
      ? [everything]
      : [{ from: low, to: high }];
};

type Make = (line: number, fields: Partial<Rule>) => void;

/** Rules of one Terraform resource. */
function ofResource(type: string, attributes: JsonMap, blocks: readonly Json[], line: number, make: Make): void {
  const each = (name: string, judge: (a: JsonMap, line: number, inner: Json[]) => void): void => {
    for (const b of blocks)
      if (text(at(b, 'type')) === name) judge(record(at(b, 'attributes')), Number(text(at(b, 'line'))) || line, list(at(b, 'blocks')));
  };
  const open = (...sources: (Json | undefined)[]): boolean => sources.flatMap(texts).some((s) => anyone.test(s));
  if (type === 'aws_security_group' || type === 'aws_default_security_group') {
    make(line, { deniesByDefault: true });
    each('ingress', (a, l) =>
      make(l, { world: open(a.cidr_blocks, a.ipv6_cidr_blocks), ports: inRange(a.from_port, a.to_port, text(a.protocol)) }),
    );
  } else if (type === 'aws_security_group_rule') {
    if (text(attributes.type) === 'ingress')
      make(line, {
        deniesByDefault: true,
        world: open(attributes.cidr_blocks, attributes.ipv6_cidr_blocks),
        ports: inRange(attributes.from_port, attributes.to_port, text(attributes.protocol)),
      });
  } else if (type === 'aws_vpc_security_group_ingress_rule') {
    make(line, {
      deniesByDefault: true,
      world: open(attributes.cidr_ipv4, attributes.cidr_ipv6),
      ports: inRange(attributes.from_port, attributes.to_port, text(attributes.ip_protocol)),
    });
  } else if (type === 'google_compute_firewall') {
    if (/^egress$/i.test(text(attributes.direction))) return;
    const restricted = [attributes.source_tags, attributes.source_service_accounts].some((v) => texts(v).length > 0);
    const world = attributes.source_ranges === undefined ? !restricted : open(attributes.source_ranges);
    make(line, { deniesByDefault: true });
    each('allow', (a, l) =>
      make(l, {
        world,
        ports: /icmp/i.test(text(a.protocol)) ? [] : a.ports === undefined ? [everything] : texts(a.ports).flatMap(portsOf),
      }),
    );
  } else if (type === 'azurerm_network_security_rule' || type === 'azurerm_network_security_group') {
    make(line, { deniesByDefault: true });
    const judge = (a: JsonMap, l: number): void => {
      if (!/^inbound$/i.test(text(a.direction)) || !/^allow$/i.test(text(a.access))) return;
      make(l, {
        world: open(a.source_address_prefix, a.source_address_prefixes),
        ports: [...texts(a.destination_port_range), ...texts(a.destination_port_ranges)].flatMap(portsOf),
      });
    };
    if (type === 'azurerm_network_security_rule') judge(attributes, line);
    else each('security_rule', judge);
  } else if (type === 'digitalocean_firewall') {
    make(line, { deniesByDefault: true });
    each('inbound_rule', (a, l) =>
      make(l, { world: open(a.source_addresses), ports: /icmp/i.test(text(a.protocol)) ? [] : portsOf(text(a.port_range)) }),
    );
  } else if (type === 'hcloud_firewall') {
    make(line, { deniesByDefault: true });
    each('rule', (a, l) => {
      if (text(a.direction) === 'in')
        make(l, { world: open(a.source_ips), ports: /icmp|esp|gre/i.test(text(a.protocol)) ? [] : portsOf(text(a.port)) });
    });
  } else if (type === 'oci_core_security_list') {
    make(line, { deniesByDefault: true });
    each('ingress_security_rules', (a, l, inner) => {
      const range = inner.map((b) => record(at(b, 'attributes'))).find((b) => b.min !== undefined);
      make(l, { world: open(a.source), ports: range ? inRange(range.min, range.max, '') : text(a.protocol) === '1' ? [] : [everything] });
    });
  }
}

function fromTerraform(document: Document, variant: Variant): Rule[] {
  if (/(?:^|\/)(?:\.github|ci|\.ci|dev|tests?)\//.test(document.path)) return [];
  const out: Rule[] = [];
  list(at(document.root, 'resource')).forEach((resource, i) => {
    const line = Number(text(at(resource, 'line'))) || document.place(['resource', i]).line || 1;
    ofResource(text(at(resource, 'type')), record(at(resource, 'attributes')), list(at(resource, 'blocks')), line, (l, fields) =>
      out.push(rule(document.path, l, 'terraform', variant, fields)),
    );
  });
  return out;
}

/** `ufw`, `firewall-cmd` and `iptables` commands in scripts, playbooks and cloud-init. */
function fromCommands(source: Source): Rule[] {
  const out: Rule[] = [];
  source.lines.forEach((raw, i) => {
    if (raw.length > 2000) return;
    const make: Make = (line, fields) => out.push(rule(source.path, line, 'script', source.file.variant, fields));
    for (const command of raw.split(/&&|;|\|\|/)) {
      const ufw = /\bufw\s+(?:--force\s+)?(.+)/
        .exec(command)?.[1]
        ?.replace(/["'\]]+\s*$/, '')
        .trim();
      if (ufw) {
        if (/^default\s+(?:deny|reject)(?:\s+incoming)?$/.test(ufw)) make(i + 1, { deniesByDefault: true });
        else if (/^(?:disable|default\s+allow(?:\s+incoming)?)$/.test(ufw))
          make(i + 1, { off: true, message: `the firewall is opened: ufw ${ufw}` });
        else if (/^(?:allow|limit)\b/.test(ufw)) {
          const restricted = /\bfrom\s+(?!any\b|0\.0\.0\.0\/0)\S+/.test(ufw) || /\bout\b/.test(ufw);
          const port =
            /\bport\s+(\S+)/.exec(ufw)?.[1] ??
            /^(?:allow|limit)\s+(?:in\s+)?(?:proto\s+\w+\s+)?["']?([\w:,/]+(?: (?:Full|HTTP|HTTPS))?)/.exec(ufw)?.[1] ??
            '';
          make(i + 1, { world: !restricted, ports: /^(?:from|on|in|out|proto)$/.test(port) ? [] : portsOf(port) });
        } else if (/^enable\b/.test(ufw)) make(i + 1, { deniesByDefault: true });
      }
      const added = /\bfirewall-cmd\b.*--add-(port|service)=["']?([\w/-]+)/.exec(command);
      if (added) make(i + 1, { deniesByDefault: true, world: true, ports: portsOf(added[2] ?? '') });
      if (/\biptables\b.*-P\s+INPUT\s+DROP\b|^\s*:INPUT DROP\b/.test(command)) make(i + 1, { deniesByDefault: true });
      const accept = /(?:\biptables\b.*\s|^\s*)-[AI]\s+INPUT\b(.*)-j\s+ACCEPT\b/.exec(command)?.[1];
      const port = accept ? /--dports?\s+([\d:,]+)/.exec(accept)?.[1] : undefined;
      if (accept && port) make(i + 1, { world: !/(?:^|\s)(?:-s|--source|-i\s+lo)\b/.test(accept), ports: portsOf(port) });
    }
  });
  return out;
}

/** Tasks with the modules ufw, firewalld and iptables, at any depth of a playbook. */
function fromPlaybook(source: Source): Rule[] {
  const out: Rule[] = [];
  for (const document of parseYaml(source.text).documents) {
    const visit = (value: Json, location: (string | number)[], depth: number): void => {
      if (depth > 12) return;
      if (Array.isArray(value)) return value.forEach((v, i) => visit(v, [...location, i], depth + 1));
      if (!isRecord(value)) return;
      for (const [key, raw] of Object.entries(value)) {
        const module = /^(?:community\.general\.|ansible\.posix\.|ansible\.builtin\.)?(ufw|firewalld|iptables)$/.exec(key)?.[1];
        if (!module || !isRecord(raw)) {
          visit(raw, [...location, key], depth + 1);
          continue;
        }
        const line = document.place([...location, key]).line;
        const make = (fields: Partial<Rule>): void => void out.push(rule(source.path, line, 'ansible', source.file.variant, fields));
        if (module === 'ufw') {
          const policy = text(raw.policy ?? raw.default);
          if (/^(?:deny|reject)$/.test(policy) || text(raw.state) === 'enabled') make({ deniesByDefault: true });
          if (text(raw.state) === 'disabled' || (policy === 'allow' && !text(raw.direction).startsWith('out')))
            make({ off: true, message: 'the firewall is opened or switched off' });
          if (/^(?:allow|limit)$/.test(text(raw.rule)) && !text(raw.direction).startsWith('out')) {
            const from = text(raw.from_ip ?? raw.src ?? raw.from);
            // A loop's items stand beside the task.
            const loop = [...texts(value.loop), ...texts(value.with_items)];
            const written = text(raw.port ?? raw.to_port) || text(raw.name);
            const ports = /\{\{\s*item\s*\}\}/.test(written) ? loop.flatMap(portsOf) : /\{\{/.test(written) ? [] : portsOf(written);
            make({ world: from === '' || anyone.test(from), ports });
          }
        } else if (module === 'firewalld') {
          if (text(raw.state) === 'enabled' && !raw.source)
            make({ deniesByDefault: true, world: true, ports: portsOf(text(raw.port) || text(raw.service) || '?') });
        } else if (text(raw.chain) === 'INPUT') {
          if (text(raw.policy) === 'DROP') make({ deniesByDefault: true });
          else if (text(raw.jump) === 'ACCEPT' && raw.destination_port !== undefined)
            make({ world: !raw.source, ports: portsOf(text(raw.destination_port)) });
        }
      }
    };
    visit(document.value, [], 0);
  }
  return out;
}

const commands: Reader = {
  name: 'firewall-rules/commands',
  kind: 'firewall-rules',
  files: {
    paths: ['*.sh', '*.bash', '*.yml', '*.yaml', '*.tpl', '*.tftpl', '*.tf', '*.pkr.hcl', '*.rules', '*.v4', '*.cfg'],
    except: ['.github/**', '**/workflows/**'],
    roles: ['product', 'script', 'config', 'other'],
  },
  keywords: ['ufw', 'iptables', 'firewall-cmd', ':input drop'],
  read: (source) => ({ items: fromCommands(source).map(asItem) }),
};
const playbooks: Reader = {
  name: 'firewall-rules/ansible',
  kind: 'firewall-rules',
  files: { paths: ['*.yml', '*.yaml'], except: ['.github/**', '**/workflows/**'], roles: ['product', 'script', 'config'] },
  keywords: ['ufw:', 'firewalld:', 'iptables:'],
  read: (source) => ({ items: fromPlaybook(source).map(asItem) }),
};
const asItem = (value: Rule): Item => value as unknown as Item;

export const firewallReaders: readonly Reader[] = [commands, playbooks];

/** The concept `firewall-rules`: what is let in by Terraform, playbooks and scripts. */
export const firewallCombiner: Combiner = {
  kind: 'firewall-rules',
  uses: ['terraform'],
  combine(items, all) {
    const variants = new Map(all.files.map((f) => [f.path, f.variant]));
    return [
      ...items,
      ...all
        .documents('terraform')
        .flatMap((d) => fromTerraform(d, variants.get(d.path) ?? 'base'))
        .map(asItem),
    ];
  },
};

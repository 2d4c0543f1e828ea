import type { Item, Reader } from '../../../model/document.js';
import { isPlaceholder } from '../../../safe/redact.js';
import { secretItem } from './item.js';

/** Kubernetes Secret manifests with real data: not encrypted with SOPS, not templated, not empty. */
export const kubernetesSecrets: Reader = {
  name: 'secrets/kubernetes',
  kind: 'secrets',
  files: { paths: ['*.yml', '*.yaml'], roles: ['config', 'sample', 'test', 'script'] },
  keywords: ['kind: Secret', 'kind: "Secret"'],
  read(source) {
    const items: Item[] = [];
    let offset = 0;
    let document: { secret: boolean; sops: boolean; found: Item[] } = { secret: false, sops: false, found: [] };
    let section = '';
    const close = () => {
      if (document.secret && !document.sops) items.push(...document.found);
      document = { secret: false, sops: false, found: [] };
      section = '';
    };
    for (const line of source.lines) {
      if (line.startsWith('---')) close();
      const top = /^([A-Za-z]+):\s*(.*)$/.exec(line);
      if (top) {
        section = top[1]!;
        if (section === 'kind') document.secret = /^["']?Secret["']?\s*$/.test(top[2]!);
        if (section === 'sops') document.sops = true;
        if (section === 'type' && /service-account-token/.test(top[2]!)) document.sops = true;
      }
      const entry = /^\s+["']?([\w.-]+)["']?:\s*["']?([^\s"'#]+)["']?\s*$/.exec(line);
      if (entry && (section === 'data' || section === 'stringData')) {
        const plain = section === 'data' ? Buffer.from(entry[2]!, 'base64').toString('utf8').trim() : entry[2]!;
        const real = plain.length >= 4 && !/\{\{|^[|>$!*&]|^ENC\[/.test(entry[2]!) && !isPlaceholder(entry[2]!) && !isPlaceholder(plain);
        if (real)
          document.found.push(secretItem(source, offset + line.indexOf(entry[1]!), 'kubernetes-secret', plain, { name: entry[1]! }));
      }
      offset += line.length + 1;
    }
    close();
    return { items };
  },
};

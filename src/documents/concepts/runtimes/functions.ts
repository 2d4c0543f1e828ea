import type { Item, Reader } from '../../../model/document.js';
import { item } from './readers.js';

const products: Readonly<Record<string, string>> = {
  python: 'python',
  nodejs: 'node',
  java: 'java',
  ruby: 'ruby',
  php: 'php',
  go: 'go',
  dotnet: 'dotnet',
  dotnetcore: 'dotnet',
};
/** Where platforms leave the dot out: python39, php83, go121. */
const dotless = new Set(['python', 'php', 'ruby', 'go']);

const named =
  /^[ \t]*-?[ \t]*["']?runtime["']?[ \t]*[:=][ \t]*["']?(python|nodejs|java|ruby|php|go|dotnetcore|dotnet)(\d{1,3}(?:\.\d{1,3})?)(?:\.x)?["']?[ \t]*,?[ \t]*$/gim;
const declares = /AWS::(?:Serverless::Function|Lambda::Function)|\bCompatibleRuntimes\b|\baws_lambda_function\b|\bgoogle_cloudfunctions/;

/** Runtimes of functions and of App Engine by the name that the platform gives them. One version for each file, where it stands first. */
export const functions: Reader = {
  name: 'runtimes/functions',
  kind: 'runtimes',
  files: { paths: ['*.yaml', '*.yml', '*.json', '*.template', '*.tf'], roles: ['config', 'other'], variants: ['base', 'production'] },
  keywords: ['runtime'],
  read(source) {
    if (!/(?:^|\/)(?:serverless\.ya?ml|app\.ya?ml)$/.test(source.path) && !declares.test(source.code)) return {};
    const found = new Map<string, Item>();
    for (const match of source.code.matchAll(named)) {
      const product = products[match[1]!.toLowerCase()]!;
      const written = match[2]!;
      const version = dotless.has(product) && /^\d{2,3}$/.test(written) ? `${written[0]}.${written.slice(1)}` : written;
      if (!found.has(`${product} ${version}`))
        found.set(
          `${product} ${version}`,
          item(source, { product, version, origin: 'function', offset: match.index + match[0].trimEnd().length - 1 }),
        );
    }
    return { items: [...found.values()] };
  },
};

// prettier-ignore
const byExtension: Readonly<Record<string, string>> = {
  py: 'python', js: 'javascript', mjs: 'javascript', cjs: 'javascript', jsx: 'jsx', ts: 'typescript', tsx: 'tsx', go: 'go', java: 'java',
  kt: 'kotlin', rb: 'ruby', php: 'php', cs: 'csharp', rs: 'rust', sh: 'bash', sql: 'sql', html: 'html', css: 'css', yml: 'yaml', yaml: 'yaml',
  json: 'json', toml: 'toml', ini: 'ini', tf: 'hcl', xml: 'xml', conf: 'nginx', env: 'ini', properties: 'properties',
};

/** The name that code fences use for a file's language; '' where it isn't known. */
export function languageOf(path: string | undefined): string {
  const name = path?.split('/').at(-1) ?? '';
  if (/^(Docker|Container)file|\.dockerfile$/i.test(name)) return 'dockerfile';
  const extension = name.split('.').at(-1)?.toLowerCase() ?? '';
  return Object.hasOwn(byExtension, extension) ? (byExtension[extension] ?? '') : '';
}

import type { FileSelector } from '../../../model/file.js';

/** Longer documents are reference dumps, and Markdown takes long to parse. */
export const maxBytes = 300_000;

const folders =
  'docs,doc,documentation,wiki,runbooks,runbook,adr,adrs,architecture,guides,operations,ops,playbooks,policies,security,handbook,manual';

/** Documents about the project: at the root, below .github, in folders for documents, and READMEs wherever they stand. */
export function documentFiles(extensions: readonly string[]): FileSelector {
  // Some write them in capitals: README.MD.
  const ext = `{${[...extensions, ...extensions.map((e) => e.toUpperCase())].join(',')}}`;
  const names = `{README,RUNBOOK,DEPLOY*,SECURITY,CONTRIBUTING,CHANGELOG,ARCHITECTURE,OPERATIONS,INSTALL,DEVELOPMENT}`;
  return {
    paths: [
      `./*.${ext}`,
      `.github/**/*.${ext}`,
      `{${folders}}/**/*.${ext}`,
      `**/{docs,doc,documentation,runbooks,runbook,adr,adrs}/**/*.${ext}`,
      `**/${names}.${ext}`,
      `**/${names.toLowerCase()}.${ext}`,
    ].map((p) => p.replace(/^\.\//, '/')),
    except: [
      '**/requirements*.txt',
      '**/requirements/**',
      '**/robots.txt',
      '**/CMakeLists.txt',
      '**/node_modules/**',
      '.github/ISSUE_TEMPLATE*',
      '.github/ISSUE_TEMPLATE/**',
      '.github/PULL_REQUEST_TEMPLATE/**',
      '**/{fixtures,__fixtures__,testdata,locale,locales,i18n}/**',
      '**/pull_request_template.*',
      // What a website publishes is not about the project.
      '**/{blog,blogs,posts,_posts}/**',
    ],
    roles: ['docs', 'config', 'template'],
    variants: ['base', 'production', 'staging', 'development', 'test'],
  };
}

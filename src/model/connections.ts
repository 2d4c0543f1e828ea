/** The connections there are; each has one file in src/connect and one probe of the same name. Without zod, so that an audit may load it. */
export const connections = [
  'env',
  'http',
  'tls',
  'tcp',
  'dns',
  'postgres',
  'mysql',
  'redis',
  'host',
  'prometheus',
  'backup',
  'load',
  'command',
] as const;
export type Connection = (typeof connections)[number];

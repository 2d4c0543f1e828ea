/**
 * Days on which the makers stop fixing a release line. PostgreSQL: postgresql.org/support/versioning; MariaDB: mariadb.org/about
 * (maintenance policy); MySQL: Oracle's lifetime support policy (extended support; innovation releases until the next one); Redis and
 * Valkey: their release pages by way of endoflife.date. What is not listed, or has no announced end, is not judged.
 */
const lines = {
  postgresql:
    '9.0 2015-10-08, 9.1 2016-10-27, 9.2 2017-11-09, 9.3 2018-11-08, 9.4 2020-02-13, 9.5 2021-02-11, 9.6 2021-11-11, 10 2022-11-10, 11 2023-11-09, 12 2024-11-14, 13 2025-11-13, 14 2026-11-12, 15 2027-11-11, 16 2028-11-09, 17 2029-11-08, 18 2030-11-14',
  mariadb:
    '5.5 2020-04-11, 10.0 2019-03-31, 10.1 2020-10-17, 10.2 2022-05-23, 10.3 2023-05-25, 10.4 2024-06-18, 10.5 2025-06-24, 10.6 2026-07-06, 10.7 2023-02-14, 10.8 2023-05-20, 10.9 2023-08-22, 10.10 2023-11-17, 10.11 2028-02-16, 11.0 2024-06-06, 11.1 2024-08-21, 11.2 2024-11-21, 11.3 2024-05-29, 11.4 2029-05-29, 11.8 2028-06-04',
  mysql:
    '5.5 2018-12-31, 5.6 2021-02-28, 5.7 2023-10-31, 8.0 2026-04-30, 8.1 2023-10-25, 8.2 2023-12-14, 8.3 2024-04-10, 8.4 2032-04-30, 9.0 2024-10-15, 9.1 2025-01-21, 9.2 2025-04-15, 9.3 2025-07-22, 9.4 2025-10-21, 9.5 2026-01-20, 9.6 2026-04-21',
  redis: '5.0 2022-04-27, 6.0 2022-05-31, 7.0 2024-07-29, 8.0 2026-02-11',
  valkey: '7.2 2029-04-16, 8.0 2027-09-15, 8.1 2030-03-31, 9.0 2028-10-21',
} as const;

export type Product = keyof typeof lines;

/** `major` counts release lines of PostgreSQL since 10 (15 of 15.18); the others, and PostgreSQL 9, count by two numbers (10.11). */
export function releaseLine(product: Product, version: string): string {
  const [major = '', minor = ''] = version.split('.');
  return product === 'postgresql' && Number(major) >= 10 ? major : minor === '' ? major : `${major}.${minor}`;
}

/** The end of support of a version as ISO date, null where none is known; `supported` on a day (ISO date), null where unknown. */
export function supportOf(product: Product, version: string, today: string): { endOfSupport: string | null; supported: boolean | null } {
  const line = releaseLine(product, version);
  const entry = lines[product].split(', ').find((text) => text.startsWith(`${line} `));
  const endOfSupport = entry?.split(' ')[1] ?? null;
  return { endOfSupport, supported: endOfSupport === null ? null : today <= endOfSupport };
}

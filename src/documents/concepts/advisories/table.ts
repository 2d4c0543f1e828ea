/**
 * A few critical and high advisories of packages that are met often, by ecosystem:name: affected versions, id, fixed version. A hit
 * proves that a version is affected; no hit proves nothing. Ranges are those of the GitHub Advisory Database (npm, Maven), PyPA and the
 * Ruby Advisory Database as of November 2026; for express-jwt and lodash they and the severity come from published scanner results, and
 * PyPA gives no severity for Django and PyJWT.
 */
export const advisories: Readonly<Record<string, readonly (readonly [affected: string, id: string, fixed: string])[]>> = {
  'npm:express-jwt': [['<6.0.0', 'CVE-2020-15084', '6.0.0']],
  'npm:lodash': [['<4.17.12', 'CVE-2019-10744', '4.17.12']],
  'npm:moment': [['>=2.18.0 <2.29.4', 'CVE-2022-31129', '2.29.4']],
  'npm:qs': [
    [
      '<6.2.4 || 6.3.0 - 6.3.2 || 6.4.0 || 6.5.0 - 6.5.2 || 6.6.0 || 6.7.0 - 6.7.2 || 6.8.0 - 6.8.2 || 6.9.0 - 6.9.6 || 6.10.0 - 6.10.2',
      'CVE-2022-24999',
      '6.10.3',
    ],
  ],
  'pypi:django': [['<1.11.27 || >=2.2.0 <2.2.9', 'CVE-2019-19844', '2.2.9']],
  'pypi:fastapi': [['<0.109.1', 'CVE-2024-24762', '0.109.1']],
  'pypi:pyjwt': [['<1.5.1', 'CVE-2017-11424', '1.5.1']],
  'pypi:urllib3': [['<1.26.17 || >=2.0.0 <2.0.6', 'CVE-2023-43804', '2.0.6']],
  // Gems' fourth number is rounded down: what only the last patch repaired is not counted.
  'gem:actionview': [['<4.2.11 || >=5.0.0 <5.0.7 || >=5.1.0 <5.1.6 || >=5.2.0 <5.2.2', 'CVE-2019-5418', '5.2.2.1']],
  'gem:activerecord': [['<5.2.8 || >=6.0.0 <6.0.5 || >=6.1.0 <6.1.6 || >=7.0.0 <7.0.3', 'CVE-2022-32224', '7.0.3.1']],
  'gem:devise': [['<4.6.0', 'CVE-2019-5421', '4.6.0']],
  'gem:json': [['<2.3.0', 'CVE-2020-10663', '2.3.0']],
  'gem:nokogiri': [['<1.13.6', 'CVE-2022-29181', '1.13.6']],
  'gem:rack': [['<2.0.9 || >=2.1.0 <2.1.4 || >=2.2.0 <2.2.3', 'CVE-2022-30123', '2.2.3.1']],
  'gem:sprockets': [['<2.12.5 || >=3.0.0 <3.7.2', 'CVE-2018-3760', '3.7.2']],
  'maven:org.apache.commons:commons-text': [['>=1.5.0 <1.10.0', 'CVE-2022-42889', '1.10.0']],
  'maven:org.apache.logging.log4j:log4j-core': [['>=2.0.0 <2.3.1 || >=2.4.0 <2.12.2 || >=2.13.0 <2.15.0', 'CVE-2021-44228', '2.17.1']],
};

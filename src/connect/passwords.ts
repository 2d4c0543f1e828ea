/**
 * Passwords that are tried first: the head of published lists of leaked passwords (SecLists' 10k-most-common), and those that images,
 * templates and tutorials of databases, brokers and frameworks come with.
 */
const words =
  '123 1234 12345 123456 1234567 12345678 123456789 1234567890 0000 000000 111111 112233 121212 123123 123321 654321 666666 696969 abc123 ' +
  'access admin admin1 admin123 administrator adminadmin alpine app apple artemis azerty baseball batman cacti camel cassandra changeit ' +
  'changeme changethis cisco cluster couchbase dbadmin dbpass dbpassword dbuser debug default demo dev developer development django docker ' +
  'dragon elastic empty example flask football foobar freedom grafana guest guest123 hadoop hello hunter2 iloveyou influxdb insecure jenkins ' +
  'keyboardcat keyboard-cat keycloak laravel letmein letmein1 linux local localhost login lovely mariadb master masterkey minio minioadmin ' +
  'minio123 monkey mongo mongodb mypass mypassword mysecret mysecretpassword mysql myuser nagios neo4j nextcloud none oracle p@ssw0rd ' +
  'p@ssword pa55word pass pass123 pass1234 passw0rd password password! password1 password12 password123 password1234 passwort pgadmin ' +
  'phpmyadmin pi postgres postgresql princess prod production public qazwsx qwerty qwerty123 qwertyuiop rabbit rabbitmq rails raspberry redis ' +
  'redispass redispassword replicator root root123 rootpass rootpassword rootroot s3cr3t s3cret sa sample secret secret123 secretkey ' +
  'secret-key secret_key secretpassword server shadow sonar splunk spring starwars strapi strongpassword sunshine super superman superadmin ' +
  'supersecret supersecretkey super-secret super-secret-key super_secret_key superset superuser system temp temp123 test test1 test123 ' +
  'test1234 testing testpass testpassword testtest tomcat toor trustno1 ubuntu user user123 userpass vagrant vault verysecret webadmin ' +
  'welcome welcome1 welcome123 whatever wordpress your-secret-key zabbix zaq1zaq1 zaq12wsx';
const known = new Set(words.split(' '));

/** Whether a password is among the usual ones, also with other case, surrounding marks, a year or digits at the end, or a word twice. */
export function isCommonPassword(value: string): boolean {
  const text = value.toLowerCase();
  if (known.has(text)) return true;
  const bare = text.replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '').replace(/[_-]?(?:19|20)?\d{1,4}[!.?]?$/, '');
  if (bare.length > 2 && known.has(bare)) return true;
  const half = text.slice(0, text.length / 2);
  return /^(.)\1*$/.test(text) || (text.length % 2 === 0 && half + half === text && (known.has(half) || half.length <= 2));
}

/** Properties of the password in an address: what a check of its strength needs, and nothing of its text. */
export function passwordOf(address: { readonly user: string; readonly password: string; readonly database: string }) {
  const { password } = address;
  const names = [address.user, address.database].filter((name) => name !== '').map((name) => name.toLowerCase());
  return {
    length: password.length,
    common: password !== '' && isCommonPassword(password),
    sameAsUser: names.includes(password.toLowerCase()),
  };
}

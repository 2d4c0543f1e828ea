/** Servers by what a command calls; the first that fits is meant, so wrappers come last. */
const servers: readonly [string, RegExp][] = [
  ['gunicorn', /\bgunicorn\b/],
  ['uvicorn', /\buvicorn\b/],
  ['hypercorn', /\bhypercorn\b/],
  ['granian', /\bgranian\b/],
  ['daphne', /\bdaphne\b/],
  ['uwsgi', /\buwsgi\b/],
  ['waitress', /\bwaitress/],
  ['fastapi', /\bfastapi (?:run|dev)\b/],
  ['streamlit', /\bstreamlit run\b/],
  ['chainlit', /\bchainlit run\b/],
  ['panel', /\bpanel serve\b/],
  ['pm2', /\bpm2(?:-runtime)?\b/],
  ['next', /\bnext (?:start|dev)\b|\.next\/standalone\b/],
  ['frankenphp', /\bfrankenphp\b/],
  ['octane', /\bartisan octane:\w+|\brr serve\b/],
  ['php-fpm', /\bphp-fpm\d*(?:\.\d)?\b/],
  ['apache', /\bapache2?(?:-foreground|ctl)?\b|\bhttpd\b/],
  ['puma', /\bpuma\b/],
  ['unicorn', /\bunicorn\b|\bpassenger\b|\bfalcon (?:host|serve)\b|\bthruster\b|\bthrust\b/],
  ['rails', /\brails (?:s|server)\b/],
  ['rackup', /\brackup\b/],
  ['nginx', /\bnginx\b/],
  ['caddy', /\bcaddy\b/],
  ['java', /\bjava\b|\bcatalina\b|JarLauncher/],
  ['dotnet', /\bdotnet (?:watch )?[\w./-]*|\.dll\b/],
  ['deno', /\bdeno\b/],
  ['bun', /\bbun (?!run|start|--cwd)[\w./-]+|\bbun run [\w./-]+\.[jt]s\b/],
  [
    'node',
    /(?:^|npx |[;&] )serve \S|\b(?:node|nodemon|ts-node(?:-dev)?|tsx|nest start|nuxt start|nuxi|remix-serve|react-router-serve|vite|ng serve|react-scripts|medusa start|strapi start|fastify start|http-server|react-scripts)\b/,
  ],
  ['python', /\bpython[\d.]*\b|\bmanage\.py\b|\bflask\b/],
  ['go', /\bgo run\b|^air\b/],
  // A program of its own, as Go, Rust, C++ and native images are.
  [
    'binary',
    /^(?:exec |tini (?:-\S+ )*|dumb-init (?:-- )?|\/sbin\/tini (?:-- )?|\/usr\/bin\/(?:tini|dumb-init) (?:-- )?)*["']?(?:\.?\/[\w./-]*[\w-]|[\w-]+)(?:["'\s]|$)(?![^;]*\.(?:sh|py|rb|js)\b)/,
  ],
];

/** `/wait-for.sh db:5432 -- /start.sh /app/main` → `/app/main`: scripts that wait or prepare and then start what they are given. */
function unwrapped(command: string): string {
  const waited = command.replace(/^\S*wait[-_]?for\S*\s[^;&|]{0,200}?\s--\s+(?=[\w./])/, '');
  return waited.replace(/^\S*(?:\.sh|entrypoint)\s+(?=[\w./])/, '');
}

/** What serves, '' where it is not recognised. `base` is the image's base, which starts itself where there is no command. */
export function serverOf(command: string, base: string): string {
  const program = unwrapped(command);
  const subject = command || base.replace(/[:@].*$/, '').replace(/.*\//, '');
  if (!command) {
    if (/fpm/.test(base)) return 'php-fpm';
    if (/apache|httpd/.test(base)) return 'apache';
    if (/tomcat|jetty|wildfly/.test(base)) return 'java';
    return /nginx|caddy|unit|frankenphp|openlitespeed/.exec(subject)?.[0] ?? '';
  }
  const name = servers.find(([, pattern]) => pattern.test(program))?.[0] ?? '';
  // Interpreters of scripts and package managers that led nowhere say nothing.
  return name === 'binary' &&
    /^["']?(?:\/?(?:usr\/)?bin\/)?(?:ba|da|a)?sh\b|^(?:npm|yarn|pnpm|make|poetry|uv|pipenv|bundle|just|task|supervisord|docker|podman|\S*bin\/(?:docker|podman)\S*|s6-\S+|\/init)\b|\.sh\b|entrypoint/.test(
      program,
    )
    ? ''
    : name;
}

const development: readonly [string, RegExp][] = [
  ['manage.py runserver', /\bmanage(?:\.py)?\s+runserver(?:_plus)?\b|\bdjango-admin runserver\b/],
  ['flask run', /\bflask(?: -[\w-]+(?:[= ](?!run\b)[\w.:/]+)?)* run\b/],
  ['--reload', /\b(?:uvicorn|gunicorn|hypercorn|granian|litestar|fastapi run|sanic|quart)\b[^;&|]{0,300}\s--reload\b/],
  ['fastapi dev', /\bfastapi dev\b/],
  ['nodemon', /\bnodemon\b/],
  ['tsx watch', /\btsx (?:\S+ )?(?:watch|--watch)\b|\bnode (?:\S+ )?--watch\b/],
  ['ts-node-dev', /\bts-node-dev\b|\btsnd\b/],
  ['next dev', /\bnext dev\b|\bnext$/],
  ['nuxt dev', /\bnux(?:t|i) dev\b/],
  ['the Vite development server', /(?:^|[;&|] ?|npx |yarn |pnpm |exec )vite(?: dev| serve)?(?= --| *$| *[;&|])/],
  ['react-scripts start', /\breact-scripts start\b|\bcraco start\b/],
  ['ng serve', /\bng serve\b/],
  ['vue-cli-service serve', /\bvue-cli-service serve\b|\bwebpack(?:-dev-server| serve)\b/],
  ['nest start --watch', /\bnest start\b[^;&|]{0,80}--watch\b/],
  ['go run', /\bgo run\b/],
  ['dotnet watch', /\bdotnet watch\b/],
  ['php artisan serve', /\bartisan serve\b/],
  ["PHP's built-in server", /\bphp (?:-\w \S+ )*-S\s/],
  ['rails server in development', /\brails (?:s|server)\b[^;&|]{0,120}-e development\b/],
  ['air', /(?:^|[;&|] ?|exec )air(?: -c\b|\s*$)/],
  ['a development script', /\b(?:npm|yarn|pnpm|bun)(?: run)? (?:dev|start:dev|serve:dev|develop)\b/],
];

/** What makes the command one for development, '' where nothing does. */
export function developmentOf(command: string): string {
  return development.find(([, pattern]) => pattern.test(command))?.[0] ?? '';
}

const store = /\b(?:redis-server|valkey-server|postgres\s+-D|mysqld|mariadbd|memcached|mongod|rabbitmq-server|minio\s+server)\b/;
const watcher = /\bwatchmedo\b|\s--watch\b|\bwatch[:-]\w|\w[:-]watch\b|\btailwindcss\b.{0,200}\s-w\b/;

/**
 * Whether a process of a Procfile shows that Foreman and the like run it on a developer's machine: a data store of its own, or,
 * beside the service, what watches and rebuilds sources. A platform brings the one as a service and gets the other's result built.
 */
export function ofProcessManager(name: string, command: string): boolean {
  const beside = !/^(?:web|worker|release)$/.test(name);
  return store.test(command) || (beside && (watcher.test(command) || developmentOf(command) !== ''));
}

/** Whether a command answers requests, takes jobs, or ends by itself. */
export function kindOf(command: string, process: string): 'server' | 'worker' | 'job' {
  if (process && process !== 'web' && process !== 'app' && process !== 'server' && process !== 'api')
    return process === 'release' ? 'job' : 'worker';
  const server =
    /\b(?:gunicorn|uvicorn|hypercorn|granian|daphne|uwsgi|puma|runserver|fastapi|streamlit|rails s|node|nginx|php-fpm|supervisord)\b/.test(
      command,
    );
  if (
    !server &&
    /\bcelery\b|\brq worker\b|\bsidekiq\b|\bdramatiq\b|\barq\b|\bhuey_consumer|queue:work|\bhorizon\b|schedule:work|\bsolid_queue|\bgood_job|\bworker\b|\bbeat\b|run_huey|qcluster/.test(
      command,
    )
  )
    return 'worker';
  if (!server && /\bmanage\.py (?!runserver)\w/.test(command))
    return /migrate|collectstatic|createsuperuser|loaddata/.test(command) ? 'job' : 'worker';
  if (!server && /\bmigrate\b|db:(?:migrate|prepare)|\balembic upgrade\b|\bseed\b|\bcollectstatic\b/.test(command)) return 'job';
  return 'server';
}

/** The number of workers a command sets; 0 where a variable, `auto`, or the number of cores does. */
export function workersOf(command: string): number | null {
  const given =
    /\s--?(?:workers|processes|worker-processes|num-workers)[= ]\s*["']?([^\s"';]+)/.exec(command) ??
    /\bgunicorn\b[^;]{0,300}?\s-w[= ]?\s*["']?([^\s"';]+)/.exec(command) ??
    /\b(?:hypercorn|uwsgi|puma)\b[^;]{0,300}?\s-[wp][= ]\s*["']?(\d+|\$\S+)/.exec(command) ??
    /\bpm2(?:-runtime)?\b[^;]{0,200}?\s-i[= ]?\s*["']?([^\s"';]+)/.exec(command) ??
    /\bWEB_CONCURRENCY=["']?([^\s"';]+)/.exec(command) ??
    /--task-worker-num[= ](\S+)/.exec(command);
  if (!given) return null;
  const plain = /^\d+$/.exec(given[1]!) ?? /^\$\{\w+:-(\d+)\}$/.exec(given[1]!);
  return plain ? Number(plain[1] ?? plain[0]) : 0;
}

import { describe, expect, it } from 'vitest';
import picomatch from 'picomatch';
import { routesCombiner, routesReaders } from '../../../../src/documents/concepts/routes/index.js';
import type { Item } from '../../../../src/model/document.js';
import { concepts } from '../../../../src/model/concepts.js';
import { sourceOf } from '../../../support/source.js';

/** The routes of a small repository, as the pass and the combiner find them. */
async function routes(files: Record<string, string>): Promise<Item[]> {
  const items: Item[] = [];
  for (const [path, text] of Object.entries(files)) {
    const source = sourceOf(path, text);
    for (const reader of routesReaders) {
      const { languages, paths } = reader.files;
      if (languages && (!source.file.language || !languages.includes(source.file.language))) continue;
      if (paths && !picomatch(paths as string[], { dot: true })(path)) continue;
      if (reader.keywords!.some((k) => text.toLowerCase().includes(k.toLowerCase())))
        items.push(...((await reader.read(source)).items ?? []));
    }
  }
  const infos = Object.entries(files).map(([path, text]) => sourceOf(path, text).file);
  const combined = routesCombiner.combine(items, { items: () => [], documents: () => [], files: infos });
  for (const item of combined) {
    concepts.routes.parse(item);
    expect(Object.keys(item).sort()).toEqual(Object.keys(concepts.routes.shape).sort());
  }
  return [...combined];
}

const short = (items: readonly Item[]) => items.map((i) => `${i.method} ${i.route} ${i.auth === null ? '?' : i.auth ? 'auth' : 'open'}`);

const tables: [string, Record<string, string>, string[]][] = [
  [
    'FastAPI: guards by parameter, decorator, router, and alias; prefixes across files',
    {
      'app/deps.py': 'from fastapi import Depends\nCurrentUser = Annotated[User, Depends(get_current_user)]\nDb = Annotated[Session, Depends(get_db)]\n',
      'app/routes/users.py': 'from fastapi import APIRouter\nrouter = APIRouter(prefix="/users", tags=["u"])\n\n@router.get("/me", response_model=User)\ndef me(user: CurrentUser, db: Db) -> Any:\n    return user\n\n@router.post("/")\ndef create(db: Db, body: UserIn):\n    return 1\n\n@router.delete("/{id}", dependencies=[Depends(require_admin)])\nasync def delete(id: int): ...\n',
      'app/main.py': 'from fastapi import FastAPI\napp = FastAPI()\napp.include_router(users.router, prefix="/api")\n\n@app.get("/health")\ndef health(): return {}\n',
    },
    ['GET /api/users/me auth', 'POST /api/users open', 'DELETE /api/users/{id} auth', 'GET /health open'],
  ],
  [
    'FastAPI: dependencies that refuse strangers, whatever they are called',
    {
      'a/access.py': 'from fastapi import Depends, HTTPException, Request\nscheme = OAuth2PasswordBearer(tokenUrl="/login")\ndef learner(token: str = Depends(scheme)):\n    return decode(token)\ndef teacher(who: dict = Depends(learner)):\n    return who\ndef visitor(request: Request):\n    if "v" not in request.cookies:\n        raise HTTPException(status_code=401, detail="x")\ndef database():\n    yield 1\n',
      'a/main.py': 'from fastapi import FastAPI\napp = FastAPI()\n@app.post("/a")\ndef a(db = Depends(database), who: dict = Depends(teacher)): ...\n@app.post("/b", dependencies=[Depends(visitor)])\ndef b(db = Depends(database)): ...\n@app.post("/c")\ndef c(db = Depends(database)): ...\n',
    },
    ['POST /a auth', 'POST /b auth', 'POST /c open'],
  ],
  [
    'FastAPI: a guarded mount covers a router',
    { 'a/items.py': 'from fastapi import APIRouter\nrouter = APIRouter()\n@router.get("/items")\ndef f(): ...\n', 'a/main.py': 'from fastapi import FastAPI\napp.include_router(items.router, dependencies=[Depends(verify_token)])\n' },
    ['GET /items auth'],
  ],
  [
    'FastAPI: routers that are imported under another name',
    {
      'src/shop/user/api/v1/user.py': 'from fastapi import APIRouter\nuser_router = APIRouter()\n@user_router.post("")\ndef create(): ...\n',
      'src/shop/user/api/__init__.py': 'from fastapi import APIRouter\nfrom shop.user.api.v1.user import user_router as user_v1_router\nrouter = APIRouter()\nrouter.include_router(user_v1_router, prefix="/api/v1/user")\n',
      'src/shop/server.py': 'from fastapi import Depends, FastAPI\nfrom shop.user.api import router as people\napp = FastAPI()\napp.include_router(people, prefix="/x")\n',
    },
    ['POST /x/api/v1/user open'],
  ],
  [
    'Flask: handlers that refuse strangers themselves',
    {
      'app.py': 'from flask import Flask, abort, request, session\napp = Flask(__name__)\n@app.route("/payment", methods=["POST"])\ndef pay():\n    token = request.cookies.get("t")\n    if not verify_token(token):\n        app.logger.error("nobody")\n        return abort(401)\n    return move()\n@app.post("/cards")\ndef cards():\n    try:\n        who = jwt.decode(token, key=KEY, algorithms=["RS256"])\n    except jwt.InvalidTokenError:\n        return "authentication denied", 401\n    return add()\n@app.post("/notes")\ndef notes():\n    if "user" not in session:\n        return redirect("/login")\n    return add()\n@app.post("/open")\ndef opened():\n    if not verify_token(token):\n        token = None\n    return add()\n',
    },
    ['POST /payment auth', 'POST /cards auth', 'POST /notes auth', 'POST /open open'],
  ],
  [
    'Express: handlers that refuse strangers themselves',
    {
      'app.js': 'const express = require("express");\nconst app = express();\napp.post("/a", (req, res) => {\n  if (!req.session.user) return res.status(401).end();\n  res.send("x");\n});\napp.post("/b", (req, res) => {\n  const who = jwt.verify(req.headers.authorization, key);\n  if (!who) return res.status(401).end();\n  res.send("x");\n});\napp.post("/c", (req, res) => {\n  if (!req.session.views) req.session.views = 0;\n  res.send("x");\n});\n',
    },
    ['POST /a auth', 'POST /b auth', 'POST /c open'],
  ],
  [
    'Spring: a handler that has the Authorization header verified',
    {
      'A.java': '@RestController\npublic class A {\n  @PostMapping("/transactions")\n  public ResponseEntity<?> add(@RequestHeader("Authorization") String bearer, @RequestBody Transaction t) {\n    final DecodedJWT jwt = this.verifier.verify(bearer);\n    transactionValidator.check(t);\n    return save(t);\n  }\n  @PostMapping("/open")\n  public ResponseEntity<?> open(@RequestHeader("Authorization") String bearer, @RequestBody Transaction t) {\n    return save(t);\n  }\n}\n',
    },
    ['POST /transactions auth', 'POST /open open'],
  ],
  [
    'Flask: classes of views below a namespace or a blueprint',
    {
      'widget.py': 'from flask_restx import Namespace, Resource\nfrom flask_accepts import accepts\napi = Namespace("widgets")\n@api.route("/")\nclass Widgets(Resource):\n    """All"""\n    def get(self):\n        return []\n    @accepts(schema=S, api=api)\n    @login_required\n    def post(self):\n        return 1\n    def helper(self):\n        return 2\n',
      'pets.py': 'from flask_smorest import Blueprint\nfrom flask.views import MethodView\nblp = Blueprint("pets", "pets", url_prefix="/pets")\n@blp.route("/<id>")\nclass Pet(MethodView):\n    decorators = [login_required]\n    def delete(self, id):\n        return ""\n\n@blp.route("/all")\ndef every():\n    return ""\n',
    },
    ['GET /pets/all open', 'DELETE /pets/<id> auth', 'GET /widgets open', 'POST /widgets auth'],
  ],
  [
    'Flask: blueprints and login_required',
    { 'app.py': 'from flask import Blueprint\nbp = Blueprint("x", __name__, url_prefix="/x")\n@bp.route("/a", methods=["GET", "POST"])\n@login_required\ndef a():\n    return ""\n@bp.get("/b")\ndef b():\n    return ""\n' },
    ['GET /x/a auth', 'POST /x/a auth', 'GET /x/b open'],
  ],
  [
    'Flask: blueprints that the packages make, named otherwise where they are registered',
    {
      'app/__init__.py': 'from flask import Flask\ndef create_app():\n    app = Flask(__name__)\n    from app.api import bp as api_bp\n    app.register_blueprint(api_bp, url_prefix="/api")\n    from .main import bp as main_bp\n    app.register_blueprint(main_bp)\n',
      'app/api/__init__.py': 'from flask import Blueprint\nbp = Blueprint("api", __name__)\nfrom app.api import users, tokens\n',
      'app/api/users.py': 'from app.api import bp\n@bp.route("/users")\n@token_auth.login_required\ndef users():\n    return {}\n',
      'app/api/tokens.py': 'from app.api import bp\n@bp.route("/tokens", methods=["POST"])\ndef token():\n    return {}\n',
      'app/main/__init__.py': 'from flask import Blueprint\nbp = Blueprint("main", __name__, url_prefix="/x")\n@bp.before_request\n@login_required\ndef guard(): ...\n',
      'app/main/routes.py': 'from . import bp\n@bp.route("/", methods=["POST"])\ndef index():\n    if current_user.is_authenticated:\n        return 1\n',
    },
    ['GET /api/users auth', 'POST /api/tokens open', 'POST /x auth'],
  ],
  [
    'FastAPI: routers of one file that hang on each other',
    {
      'shop/api.py':
        'from fastapi import APIRouter, Depends\nfrom shop.alerts import router as alert_router\nfrom shop.news import router as news_router\napi = APIRouter(prefix="/v1")\ninner = APIRouter(prefix="/{shop}", dependencies=[Depends(get_shop)])\nopen_router = APIRouter()\ninner.include_router(alert_router, prefix="/alerts")\nopen_router.include_router(news_router, prefix="/news")\napi.include_router(inner, dependencies=[Depends(get_current_user)])\napi.include_router(open_router)\n',
      'shop/alerts.py': 'from fastapi import APIRouter\nrouter = APIRouter()\n@router.post("")\ndef add():\n    return 1\n',
      'shop/news.py': 'from fastapi import APIRouter\nrouter = APIRouter()\n@router.post("")\ndef add():\n    return 1\n',
    },
    ['POST /v1/{shop}/alerts auth', 'POST /v1/news open'],
  ],
  [
    'Go: paths that constants name',
    {
      'routes.go':
        'package shop\n\nimport "github.com/gin-gonic/gin"\n\nconst ordersPath = "/orders"\n\nfunc routes(r *gin.Engine) {\n\tr.POST(ordersPath, add)\n\tr.GET(paths.Health, healthHandler)\n\tclient.Get(paths.Other, nil)\n}\n',
    },
    ['POST /orders ?', 'GET  ?'],
  ],
  [
    'Flask: a guard of the whole application and the endpoints that it lets through',
    {
      'desk/__init__.py':
        'from flask import Flask, redirect, request\n\n_open = ["main.login", "static"]\n\ndef create_app():\n    app = Flask(__name__)\n\n    @app.before_request\n    def guard():\n        if request.endpoint not in _open and not session.logged_in():\n            return redirect(url_for("main.login"))\n        return None\n',
      'desk/main.py':
        'from flask import Blueprint\nview = Blueprint("main", __name__)\n@view.route("/login", methods=["POST"])\ndef login():\n    return ""\n@view.route("/name", methods=["POST"])\ndef name():\n    return ""\n',
      'public/main.py':
        'from flask import Flask\napp = Flask(__name__)\n@app.route("/letters", methods=["POST"])\ndef letters():\n    return ""\n',
    },
    ['POST /login open', 'POST /name auth', 'POST /letters open'],
  ],
  [
    'Flask: a look at who is there is no guard',
    { 'app.py': 'from flask import Flask\napp = Flask(__name__)\n@app.post("/a")\ndef a():\n    if current_user.is_authenticated:\n        return redirect("/")\n    return 1\n@app.post("/b")\ndef b():\n    if not current_user.is_authenticated:\n        abort(401)\n    return 1\n' },
    ['POST /a open', 'POST /b auth'],
  ],
  [
    'Django REST framework: permissions, defaults, viewsets, includes',
    {
      'p/settings.py': 'from django import x\nREST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"]}\n',
      'p/urls.py': 'from django.urls import path, include\nurlpatterns = [path("api/", include("p.users.urls")), path("admin/", admin.site.urls)]\n',
      'p/users/urls.py': 'from django.urls import path\nurlpatterns = [path("login/", LoginView.as_view()), path("me/", views.MeView.as_view()), path("plain/", views.plain)]\n',
      'p/users/views.py': 'from rest_framework import x\nclass LoginView(APIView):\n    permission_classes = [AllowAny]\n    def post(self, request): ...\n\nclass MeView(APIView):\n    def get(self, request): ...\n\ndef plain(request):\n    return 1\n',
    },
    ['ANY /admin/ auth', 'POST /api/login/ open', 'GET /api/me/ auth', 'ANY /api/plain/ open'],
  ],
  [
    'Django REST framework: a default that lets everybody read',
    {
      'p/settings.py': 'from django import x\nREST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"]}\n',
      'p/views.py': 'from rest_framework import mixins, viewsets, routers\nclass TagViewSet(mixins.ListModelMixin, mixins.CreateModelMixin, viewsets.GenericViewSet):\n    serializer_class = S\n\nclass OpenViewSet(mixins.CreateModelMixin, viewsets.GenericViewSet):\n    permission_classes = [AllowAny]\n\nrouter = routers.DefaultRouter()\nrouter.register("tags", TagViewSet)\nrouter.register("open", OpenViewSet)\n',
    },
    ['GET /tags open', 'POST /tags auth', 'POST /open open'],
  ],
  [
    'Django REST framework: a viewset of mixins has their methods only',
    {
      'p/views.py': 'from rest_framework import mixins, viewsets, routers\nclass TagViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):\n    permission_classes = [AllowAny]\n\nclass ImageViewSet(mixins.CreateModelMixin, viewsets.GenericViewSet):\n    permission_classes = [IsAuthenticated]\n    def destroy(self, request): ...\n\nrouter = routers.DefaultRouter()\nrouter.register("tags", TagViewSet)\nrouter.register("images", ImageViewSet)\n',
    },
    ['GET /tags open', 'POST /images auth', 'DELETE /images auth'],
  ],
  [
    'Rails: a filter named authorize that asks who is there, in a helper',
    {
      'config/routes.rb': 'Rails.application.routes.draw do\n  resources :notes, only: [:create, :destroy]\n  resources :hooks, only: [:create]\nend\n',
      'app/helpers/sessions_helper.rb': 'module SessionsHelper\n  def authorize\n    unless signed_in?\n      redirect_to login_url\n    end\n  end\nend\n',
      'app/controllers/application_controller.rb': 'class ApplicationController < ActionController::Base\n  include SessionsHelper\n  before_action :authorize\nend\n',
      'app/controllers/notes_controller.rb': 'class NotesController < ApplicationController\n  def create\n    head :ok\n  end\n  def destroy\n    head :ok\n  end\nend\n',
      'app/controllers/hooks_controller.rb': 'class HooksController < ApplicationController\n  skip_before_action :authorize\n  def create\n    head :ok\n  end\nend\n',
    },
    ['POST /notes auth', 'DELETE /notes/:id auth', 'POST /hooks open'],
  ],
  [
    'Rails: a filter named authorize that asks what a user may, and one from elsewhere',
    {
      'config/routes.rb': 'Rails.application.routes.draw do\n  resources :notes, only: [:create]\n  resources :tags, only: [:create]\nend\n',
      'app/controllers/notes_controller.rb': 'class NotesController < ActionController::Base\n  before_action :authorize_note\n  def create\n    head :ok\n  end\n\n  def authorize_note\n    head :forbidden unless NotePolicy.new.create?\n  end\nend\n',
      'app/controllers/tags_controller.rb': 'class TagsController < ActionController::Base\n  before_action :authorize\n  def create\n    head :ok\n  end\nend\n',
    },
    ['POST /notes open', 'POST /tags ?'],
  ],
  [
    'Rails: of several parents of one name, the one of the same module',
    {
      'config/routes.rb': 'Rails.application.routes.draw do\n  namespace :api do\n    namespace :v2 do\n      resources :notes, only: [:create]\n    end\n  end\nend\n',
      'app/controllers/api/v1/base_controller.rb': 'class Api::V1::BaseController < ActionController::Base\nend\n',
      'app/controllers/api/v2/base_controller.rb': 'module Api\n  module V2\n    class BaseController < ActionController::Base\n      before_action :authenticate_user!\n    end\n  end\nend\n',
      'app/controllers/api/v2/notes_controller.rb': 'module Api\n  module V2\n    class NotesController < BaseController\n      def create\n        head :ok\n      end\n    end\n  end\nend\n',
    },
    ['POST /api/v2/notes auth'],
  ],
  [
    'Django: of several views with one name, the one beside the URLs',
    {
      'site/urls.py': 'from django.urls import path, include\nurlpatterns = [path("", include("site.api.urls")), path("", include("site.front.urls"))]\n',
      'site/api/urls.py': 'from django.urls import path\nfrom . import views\nurlpatterns = [path("api/status/", views.status)]\n',
      'site/api/views.py': 'from django.http import x\n@login_required\ndef status(request):\n    return 1\n',
      'site/front/urls.py': 'from django.urls import path\nfrom . import views\nurlpatterns = [path("status/", views.status)]\n',
      'site/front/views.py': 'from django.http import x\n@require_POST\ndef status(request):\n    return 1\n',
    },
    ['ANY /api/status/ auth', 'POST /status/ open'],
  ],
  [
    'Next: a helper of the file asks for the session',
    {
      'app/api/posts/[id]/route.ts':
        'export async function DELETE(req: Request, context: Context) {\n  if (!(await mayEdit(context.params.id))) {\n    return new Response(null, { status: 403 });\n  }\n  return new Response(null);\n}\n\nexport async function GET() {\n  return Response.json([]);\n}\n\nasync function mayEdit(id: string) {\n  const session = await getServerSession(options);\n  return session?.user.id === id;\n}\n',
    },
    ['DELETE /api/posts/[id] auth', 'GET /api/posts/[id] ?'],
  ],
  [
    'Express: guards by argument, by use, by mount, and a limiter on a path',
    {
      'src/app.js': "const express = require('express');\nconst users = require('./routes/users');\nconst app = express();\napp.use('/api/users/login', loginLimiter);\napp.use('/api/users', users);\napp.get('/health', (req, res) => res.send('ok'));\n",
      'src/routes/users.js': "const express = require('express');\nconst router = express.Router();\nrouter.post('/login', controller.login);\nrouter.use(requireAuth);\nrouter.get('/me', controller.me);\nrouter.route('/:id').get(controller.get).delete(authorize('admin'), controller.remove);\n",
    },
    ['GET /health open', 'POST /api/users/login open', 'GET /api/users/me auth', 'GET /api/users/:id auth', 'DELETE /api/users/:id auth'],
  ],
  ['Nest: middleware for paths, methods and controllers', {
      'src/app.module.ts': "export class AppModule implements NestModule {\n  configure(consumer: MiddlewareConsumer) {\n    consumer\n      .apply(AuthMiddleware)\n      .forRoutes({ path: 'articles', method: RequestMethod.POST }, { path: 'articles/:slug', method: RequestMethod.ALL }, TagController);\n    consumer.apply(LoggerMiddleware).forRoutes('*');\n  }\n}\n",
      'src/article.controller.ts': "@Controller('articles')\nexport class ArticleController {\n  @Get()\n  all() {\n    return 1;\n  }\n  @Post()\n  create() {\n    return 2;\n  }\n  @Delete(':slug')\n  remove() {\n    return 3;\n  }\n}\n",
      'src/tag.controller.ts': "@Controller('tags')\nexport class TagController {\n  @Put()\n  put() {\n    return 1;\n  }\n}\n",
    }, ['GET /articles open', 'POST /articles auth', 'DELETE /articles/:slug auth', 'PUT /tags auth']],
  [
    'Express: chains with long comments between their verbs',
    {
      'a.js': `const express = require('express');\nconst router = express.Router();\nrouter\n  .route('/users')\n  /**\n${'   * @apiParam about the users\n'.repeat(20)}   */\n  .get(authorize(ADMIN), controller.list)\n  /** ${'x'.repeat(300)} */\n  .post(controller.create);\nother.route('/no')\n  /** ${'x'.repeat(300)} */\n  .get(controller.no);\n`,
    },
    ['GET /users auth', 'POST /users open'],
  ],
  [
    'Express: members and renamed exports that are mounted',
    {
      'src/app.js': "import express from 'express';\nimport * as accounts from './accounts.js';\nimport { x, handlers as files } from './files.js';\nimport * as tools from './tools.js';\nconst app = express();\napp.use(tools.logger);\napp.use('/accounts', accounts.handlers);\napp.use('/files', files);\n",
      'src/accounts.js': "import express from 'express';\nconst app = express();\nexport { app as handlers };\napp.post('/login', login);\n",
      'src/files.js': "import express from 'express';\nconst app = express();\nexport { app as handlers };\napp.get('/list', requireAuth, list);\n",
      'src/tools.js': "import express from 'express';\nexport const logger = express.Router();\nlogger.get('/log', show);\n",
    },
    ['POST /accounts/login open', 'GET /files/list auth', 'GET /log open'],
  ],
  [
    'Express: handlers that are lists with their guards',
    {
      'src/app.js': "const express = require('express');\nconst books = require('./books');\nconst app = express();\napp.post('/books', books.store);\napp.put('/books/:id', books.update);\napp.get('/books', books.list);\n",
      'src/books.js': "exports.store = [\n  auth,\n  body('title').isLength({ min: 1 }),\n  async (req, res) => {\n    res.json(await Book.create({ title: req.body.title }));\n  },\n];\nexports.update = [body('title').notEmpty(), (req, res) => {\n  res.json(1);\n}];\nexports.list = (req, res) => {\n  res.json([auth, 2]);\n};\n",
    },
    ['POST /books auth', 'PUT /books/:id open', 'GET /books open'],
  ],
  ['Express: calls of HTTP clients are no routes', { 'a.js': "const express = require('express');\nconst app = express();\naxios.get('/x', opts);\ncache.get('/y', z);\nrequest(app).get('/z', w);\n" }, []],
  ['Express: comments are no routes', { 'a.js': "const express = require('express');\nconst app = express();\n// app.get('/x', y)\n" }, []],
  ['Fastify', { 'a.ts': "import Fastify from 'fastify';\nconst app = Fastify();\napp.get('/a', { preHandler: [app.authenticate], schema: { querystring: Q, response: R } }, async () => 1);\napp.route({ method: 'POST', url: '/b', handler: h });\n" }, ['GET /a auth', 'POST /b open']],
  ['Hono', { 'a.ts': "import { Hono } from 'hono';\nconst app = new Hono();\napp.get('/a', (c) => c.text('x'));\napp.post('/b', jwt({ secret }), zValidator('json', S), (c) => c.text('x'));\n" }, ['GET /a open', 'POST /b auth']],
  [
    'NestJS: guards on classes, methods, everywhere; @Public',
    { 'a.controller.ts': "@Controller('cats')\n@UseGuards(JwtAuthGuard)\nexport class A {\n  @Get()\n  all() { return []; }\n\n  @Public()\n  @Get(':id')\n  one(@Param('id') id: string) { return 1; }\n}\n", 'main.ts': "const app = await NestFactory.create(M);\napp.setGlobalPrefix('api');\n" },
    ['GET /api/cats auth', 'GET /api/cats/:id open'],
  ],
  ['NestJS: a global guard', { 'a.controller.ts': "@Controller('cats')\nexport class A {\n  @Post()\n  add(@Body() dto: CatDto) { return 1; }\n}\n", 'app.module.ts': 'providers: [{ provide: APP_GUARD, useClass: AuthGuard }]' }, ['POST /cats auth']],
  [
    'Next.js: what its middleware answers by itself, and what it refuses, redirects or asks the session for',
    {
      'src/proxy.ts': `export async function proxy(request: NextRequest) {
  const { pathname } = request.nextUrl;
  if (pathname.startsWith("/ping")) {
    return new Response("pong", { status: 200 });
  }
  if (pathname === "/up") return NextResponse.json({ ok: true });
  if (pathname.startsWith("/old")) {
    return new Response("gone", { status: 410 });
  }
  if (pathname.startsWith("/api/auth")) {
    return NextResponse.next();
  }
  const token = await getToken({ req: request });
  if (!token && pathname.startsWith("/admin")) return new Response("no");
  if (request.nextUrl.pathname === "/me") {
    return NextResponse.json({ token });
  }
}
`,
    },
    ['GET /ping ?', 'GET /up ?', 'GET /me auth'],
  ],
  [
    'routing-controllers',
    { 'src/users.ts': "import { Authorized, Body, Get, JsonController, Post } from 'routing-controllers';\n\nclass CreateUser {\n  @IsNotEmpty()\n  name: string;\n}\n\n@Authorized()\n@JsonController('/users')\nexport class UserController {\n  @Get('/:id')\n  one(@Param('id') id: string) {\n    return this.users.one(id);\n  }\n\n  @Post()\n  create(@Body() body: CreateUser) {\n    return this.users.create(body);\n  }\n}\n", 'src/open.ts': "import { Get, Controller } from 'routing-controllers';\n@Controller()\nexport class Open {\n  @Get('/up')\n  up() {\n    return 1;\n  }\n}\n" },
    ['GET /users/:id auth', 'POST /users auth', 'GET /up ?'],
  ],
  [
    'Remix: resource routes, by the names of their files; pages are none',
    {
      'apps/web/app/routes/api+/health.ts': 'export const loader = async () => Response.json({ ok: true });\n',
      'app/routes/api.orders.$id.ts': "export async function loader({ request }: Args) {\n  const user = await getUser(request);\n  return json(user);\n}\nexport async function action({ request }: Args) {\n  return json(await request.json());\n}\n",
      'app/routes/_auth/sitemap[.]xml.tsx': 'export const loader = () => new Response(xml);\n',
      'app/routes/orders_/route.tsx': 'export const loader = () => json({});\nexport default function Orders() {\n  return null;\n}\n',
    },
    ['GET /api/health ?', 'GET /api/orders/:id auth', 'POST /api/orders/:id ?', 'GET /sitemap.xml ?'],
  ],
  [
    'Express: a file that is given the application, and a plugin of a front end',
    {
      'config/routes.js': "const articles = require('../app/controllers/articles');\nconst auth = require('./middlewares/authorization');\nmodule.exports = function (app, passport) {\n  app.get('/articles', articles.index);\n  app.post('/articles', auth.requiresLogin, articles.create);\n};\n",
      'src/plugin.js': "export default (app) => {\n  app.use(store);\n  app.get('/x');\n};\n",
      'src/client.js': "const app = client('/api');\nexport const load = () => app.get('/articles', options);\n",
    },
    ['GET /articles open', 'POST /articles auth'],
  ],
  ['Next.js', { 'src/app/api/users/[id]/route.ts': 'export async function GET(req: Request) {\n  const s = await auth();\n  return Response.json({});\n}\nexport async function POST(req: Request) {\n  return Response.json({});\n}\n', 'pages/api/hello.ts': 'export default function handler(req, res) { res.json({}) }' }, ['GET /api/users/[id] auth', 'POST /api/users/[id] ?', 'ANY /api/hello ?']],
  ['a viewset that only reads, by a base of its own', { 'urls.py': 'from shop import routers\nrouter = routers.DefaultRouter()\nrouter.register(r"sections", SectionsViewSet)\nurlpatterns = router.urls\n', 'api.py': 'from shop.api import Response\nclass SectionsViewSet(ReadOnlyListViewSet):\n    def list(self, request):\n        return Response([])\n' }, ['GET /sections ?']],
  ['Gin groups', { 'main.go': 'import "github.com/gin-gonic/gin"\nfunc main() {\n r := gin.Default()\n r.GET("/ping", ping)\n v1 := r.Group("/v1", AuthMiddleware())\n v1.POST("/items", create)\n admin := v1.Group("/admin")\n admin.GET("/x", x)\n}\n' }, ['GET /ping open', 'POST /v1/items auth', 'GET /v1/admin/x auth']],
  ['Flamego lists of methods', { 'main.go': 'import (\n "net/http"\n "github.com/flamego/flamego"\n)\nfunc main() {\n m := flamego.New()\n m.Route("/healthcheck", http.MethodHead+","+http.MethodGet, health)\n m.Route("/x", "GET,POST", x)\n}\n' }, ['HEAD /healthcheck ?', 'GET /healthcheck ?', 'GET /x ?', 'POST /x ?']],
  ['chi', { 'main.go': 'import "github.com/go-chi/chi/v5"\nfunc main() {\n r := chi.NewRouter()\n r.Get("/", home)\n r.Route("/api", func(r chi.Router) {\n  r.Use(Authenticator)\n  r.Get("/me", me)\n })\n r.With(RequireLogin).Post("/x", x)\n r.Get("/after", after)\n}\n' }, ['GET / open', 'GET /api/me auth', 'POST /x auth', 'GET /after open']],
  ['ozzo-routing', { 'main.go': 'import routing "github.com/go-ozzo/ozzo-routing/v2"\nfunc RegisterHandlers(r *routing.Router, version string) {\n r.To("GET,HEAD", "/healthcheck", healthcheck(version))\n r.Get("/albums/<id>", get)\n mail.To("GET well", "/x")\n}\n' }, ['GET /healthcheck ?', 'HEAD /healthcheck ?', 'GET /albums/<id> ?']],
  ['net/http patterns', { 'main.go': 'import "net/http"\nfunc main() {\n http.HandleFunc("GET /a/{id}", a)\n mux.Handle("/b", requireAuth(b))\n resp, err := http.Get("https://a.org/x")\n}\n' }, ['GET /a/{id} ?', 'ANY /b auth']],
  ['gorilla methods', { 'main.go': 'import "github.com/gorilla/mux"\nfunc main() {\n r := mux.NewRouter()\n r.HandleFunc(baseUrl + "/a", a).Methods(http.MethodGet, http.MethodHead)\n}\n' }, ['GET /a open', 'HEAD /a open']],
  ['gorilla paths put together by a helper', { 'main.go': 'import "github.com/gorilla/mux"\nfunc (s *S) routes() {\n s.router.HandleFunc(s.under("/a"), s.a).HeadersRegexp("Accept", "json").Methods("POST")\n s.router.HandleFunc(path.Join(base, "/b"), s.b)\n}\n' }, ['POST /a open', 'ANY /b open']],
  ['Spring without security', { 'A.java': '@RestController\n@RequestMapping("/owners")\nclass A {\n  @GetMapping("/{id}")\n  public Owner get(@PathVariable int id) { return null; }\n\n  @PostMapping\n  public Owner add(@Valid @RequestBody Owner o) { return o; }\n}\n' }, ['GET /owners/{id} open', 'POST /owners open']],
  ['Spring with security', { 'A.java': '@RestController\nclass A {\n  @GetMapping("/a")\n  public X a() { return null; }\n\n  @PreAuthorize("hasRole(\'ADMIN\')")\n  @GetMapping("/b")\n  public X b() { return null; }\n}\n', 'S.java': 'SecurityFilterChain f(HttpSecurity h) { return null; }' }, ['GET /a ?', 'GET /b auth']],
  ['Spring that lets everybody in but where a filter is registered', { 'A.java': '@RestController\nclass A {\n  @PostMapping("/customer")\n  public X a(@RequestBody C c) { return null; }\n\n  @PostMapping("/purchase/")\n  public X b() { return null; }\n}\n', 'S.java': 'class S extends WebSecurityConfigurerAdapter {\n  void configure(HttpSecurity h) {\n    h.authorizeRequests()\n    // .antMatchers("/customer").authenticated()\n    .anyRequest().permitAll();\n  }\n}\n', 'F.java': 'class JwtFilter extends GenericFilterBean {\n}\n', 'App.java': 'FilterRegistrationBean jwt() {\n  FilterRegistrationBean bean = new FilterRegistrationBean();\n  bean.setFilter(new JwtFilter());\n  bean.addUrlPatterns("/purchase/*");\n  return bean;\n}\n' }, ['POST /customer open', 'POST /purchase/ ?']],
  ['Spring that lets everybody in behind a component', { 'A.java': '@RestController\nclass A {\n  @PostMapping("/customer")\n  public X a(@RequestBody C c) { return null; }\n}\n', 'S.java': 'SecurityFilterChain f(HttpSecurity h) { return h.authorizeHttpRequests(a -> a.anyRequest().permitAll()).build(); }\n', 'F.java': '@Component\nclass JwtFilter extends OncePerRequestFilter {\n}\n' }, ['POST /customer ?']],
  ['JAX-RS', { 'A.java': 'import jakarta.ws.rs.GET;\n@Path("/a")\nclass A {\n  @GET\n  @Path("/{id}")\n  @RolesAllowed("user")\n  public X get() { return null; }\n}\n' }, ['GET /a/{id} auth']],
  ['Ktor', { 'A.kt': 'import io.ktor.server.routing.*\nfun Route.a() {\n  routing {\n    get("/open") { call.respond("x") }\n    authenticate("jwt") {\n      route("/api") {\n        post("/x") { call.receive<X>() }\n      }\n    }\n  }\n}\n' }, ['GET /open open', 'POST /api/x auth']],
  [
    'Rails: resources, namespaces, filters with exceptions',
    {
      'config/routes.rb': "Rails.application.routes.draw do\n  namespace :api do\n    resources :posts, only: [:index, :create] do\n      get :recent, on: :collection\n    end\n  end\n  get 'health', to: 'health#show'\nend\n",
      'app/controllers/application_controller.rb': 'class ApplicationController < ActionController::Base\n  before_action :authenticate_user!\nend\n',
      'app/controllers/api/posts_controller.rb': 'class Api::PostsController < ApplicationController\n  skip_before_action :authenticate_user!, only: [:index]\n  def index\n    1\n  end\n  def create\n    params.require(:a).permit(:b)\n  end\nend\n',
      'app/controllers/health_controller.rb': 'class HealthController < ActionController::API\n  def show\n  end\nend\n',
    },
    ['GET /api/posts open', 'POST /api/posts auth', 'GET /api/posts/recent auth', 'GET /health open'],
  ],
  [
    'Laravel: what the controllers ask, and the actions that a resource has',
    {
      'routes/api.php': "<?php\nRoute::post('users/login', 'AuthController@login');\nRoute::resource('articles', 'ArticleController', ['except' => ['create', 'edit', 'update']]);\nRoute::apiResource('tags', TagController::class)->only(['index', 'store']);\nRoute::controller(FeedController::class)->group(function () {\n  Route::get('/feed', 'show');\n});\n",
      'app/Http/Controllers/AuthController.php': '<?php\nnamespace App\\Http\\Controllers;\nclass AuthController extends Controller {\n  public function login(LoginUser $request) { return 1; }\n}\n',
      'app/Http/Controllers/ArticleController.php': "<?php\nnamespace App\\Http\\Controllers;\nclass ArticleController extends ApiController {\n  public function __construct() {\n    $this->middleware('auth.api')->except(['index', 'show']);\n    $this->middleware('auth.api:optional')->only(['index', 'show']);\n  }\n  public function index() { return 1; }\n  public function store() { return 1; }\n  public function show() { return 1; }\n  public function destroy() { return 1; }\n}\n",
      'app/Http/Controllers/TagController.php': "<?php\nnamespace App\\Http\\Controllers;\nclass TagController extends Controller {\n  public static function middleware(): array { return ['log', new Middleware('auth', only: ['store'])]; }\n  public function index() { return 1; }\n  public function store() { return 1; }\n}\n",
      'app/Http/Controllers/FeedController.php': '<?php\nnamespace App\\Http\\Controllers;\nclass FeedController extends Controller {\n  public function show() { $this->authorize("feed"); return 1; }\n}\n',
    },
    ['POST /api/users/login open', 'GET /api/articles open', 'POST /api/articles auth', 'GET /api/articles/{id} open', 'DELETE /api/articles/{id} auth', 'GET /api/tags open', 'POST /api/tags auth', 'GET /api/feed auth'],
  ],
  [
    'Laravel: the group of a route file asks for an identity',
    {
      'app/Http/Kernel.php': "<?php\nclass Kernel extends HttpKernel {\n  protected $middlewareGroups = [\n    'web' => [\\Illuminate\\Session\\Middleware\\AuthenticateSession::class],\n    'api' => [\\App\\Http\\Middleware\\ApiAuthenticate::class],\n  ];\n}\n",
      'routes/api.php': "<?php\nRoute::post('pages', [PageController::class, 'create']);\n",
      'routes/web.php': "<?php\nRoute::post('/pages', [PageController::class, 'create']);\n",
      'routes/admin.php': "<?php\nRoute::post('/pages', [PageController::class, 'create']);\n",
      'app/Providers/RouteServiceProvider.php': "<?php\nRoute::middleware(['web', 'auth'])->prefix('admin')->group(base_path('routes/admin.php'));\n",
    },
    ['POST /api/pages auth', 'POST /pages open', 'POST /pages auth'],
  ],
  [
    'Rails: resources without an action',
    {
      'config/routes.rb': 'Rails.application.routes.draw do\n  resource :account, only: [:show, :update, :destroy]\n  resources :notes, only: [:create, :destroy]\nend\n',
      'app/controllers/application_controller.rb': 'class ApplicationController < ActionController::Base\n  before_action :authenticate_user!\nend\n',
      'app/controllers/accounts_controller.rb': 'class AccountsController < ApplicationController\n  def update\n  end\nend\n',
      'app/controllers/notes_controller.rb': 'class NotesController < ApplicationController\n  include Crud\n  def create = head :ok\nend\n',
    },
    ['GET /account auth', 'PUT /account auth', 'POST /notes auth', 'DELETE /notes/:id auth'],
  ],
  ['Laravel: an alias of its own', { 'routes/api.php': "<?php\nRoute::middleware('os.auth')->group(function () {\n  Route::post('/song', [S::class, 'put']);\n});\n" }, ['POST /api/song auth']],
  ['Spring: nothing but the path', { 'A.java': '@RestController\nclass A {\n  @PostMapping("/send/{id}")\n  void send(@PathVariable("id") Long id) { run(id); }\n}\n' }, ['POST /send/{id} open']],
  [
    'Rails: a statement over several lines',
    {
      'config/routes.rb':
        "Rails.application.routes.draw do\n  resources :notes,\n    only: %i[index],\n    path: 'papers' do\n    resource :pin,\n      only: :create\n  end\n  resource :news, only: [:show]\nend\n",
    },
    ['GET /papers ?', 'POST /papers/:note_id/pin ?', 'GET /news ?'],
  ],
  [
    'Rails: a macro of a concern that asks, for the actions that it is given',
    {
      'config/routes.rb': 'Rails.application.routes.draw do\n  resources :keys, only: [:create, :update]\nend\n',
      'app/controllers/concerns/session_verifiable.rb':
        'module SessionVerifiable\n  extend ActiveSupport::Concern\n\n  class_methods do\n    def verify_session_before(**)\n      before_action(:redirect_to_signin, **, unless: :signed_in?)\n    end\n  end\n\n  included do\n    private\n\n    def verified?\n      true\n    end\n  end\nend\n',
      'app/controllers/keys_controller.rb':
        'class KeysController < ActionController::Base\n  include SessionVerifiable\n  verify_session_before only: :create\n  def create\n    head :ok\n  end\n  def update\n    head :ok\n  end\nend\n',
    },
    ['POST /keys auth', 'PUT /keys/:id open'],
  ],
  [
    'Rails: a filter for those who are not signed in, and an action that asks by itself',
    {
      'config/routes.rb': 'Rails.application.routes.draw do\n  resource :totp, only: [:create]\n  resource :key, only: [:create, :update]\n  resource :note, only: [:create]\nend\n',
      'app/controllers/totps_controller.rb': 'class TotpsController < ActionController::Base\n  before_action :redirect_to_signin, unless: :signed_in?\n  def create\n    head :ok\n  end\nend\n',
      'app/controllers/keys_controller.rb': 'class KeysController < ActionController::Base\n  def create\n    authenticate_or_request_with_http_basic do |name, password|\n      make(name)\n    end\n  end\n  def update\n    head :ok\n  end\nend\n',
      'app/controllers/notes_controller.rb': 'class NotesController < ActionController::Base\n  before_action :redirect_to_signin, unless: :draft?\n  def create\n    head :ok\n  end\nend\n',
    },
    ['POST /totp auth', 'POST /key auth', 'PUT /key open', 'POST /note ?'],
  ],
  [
    'Rails: a concern that asks, and its macro that does not',
    {
      'config/routes.rb': "Rails.application.routes.draw do\n  resources :posts, only: [:index, :create]\n  resource :session, only: [:create, :destroy]\n  namespace :api do\n    resources :notes, only: :create\n  end\nend\n",
      'app/controllers/concerns/authentication.rb': 'module Authentication\n  extend ActiveSupport::Concern\n\n  included do\n    before_action :require_authentication\n  end\n\n  class_methods do\n    def allow_unauthenticated_access(**options)\n      skip_before_action :require_authentication, **options\n    end\n  end\n\n  private\n    def require_authentication\n      resume_session || request_authentication\n    end\nend\n',
      'app/controllers/application_controller.rb': 'class ApplicationController < ActionController::Base\n  include Pagy::Backend, Authentication\nend\n',
      'app/controllers/posts_controller.rb': 'class PostsController < ApplicationController\n  def create\n  end\nend\n',
      'app/controllers/sessions_controller.rb': 'class SessionsController < ApplicationController\n  allow_unauthenticated_access only: [:create]\n  def create\n  end\n  def destroy\n  end\nend\n',
      'app/controllers/api/notes_controller.rb': 'class Api::NotesController < ApplicationController\n  allow_unauthenticated_access\n  before_action :authenticate_token!\n  def create\n  end\nend\n',
    },
    ['GET /posts auth', 'POST /posts auth', 'POST /session open', 'DELETE /session auth', 'POST /api/notes auth'],
  ],
  ['Laravel', { 'routes/api.php': "<?php\nRoute::post('/login', [AuthController::class, 'login']);\nRoute::middleware('auth:sanctum')->prefix('v1')->group(function () {\n  Route::get('/me', [U::class, 'me']);\n});\nRoute::get('/x', [X::class, 'x'])->middleware(['auth', 'throttle:api']);\n" }, ['POST /api/login open', 'GET /api/v1/me auth', 'GET /api/x auth']],
  ['Symfony', { 'src/C.php': "<?php\n#[Route('/a')]\nclass C {\n  #[Route('/b', methods: ['GET'])]\n  #[IsGranted('ROLE_USER')]\n  public function b(): Response { return 1; }\n}\n" }, ['GET /a/b auth']],
  ['ASP.NET: a group for everybody', { 'Health.cs': 'var group = app.MapGroup("/health").WithTags("Health").AllowAnonymous();\ngroup.MapGet("/live", () => Results.Ok());\nvar orders = app.MapGroup("/orders").RequireAuthorization();\norders.MapPost("/", (Order o) => Results.Ok());\n' }, ['GET /health/live open', 'POST /orders auth']],
  [
    'ASP.NET: what a group asks for in statements of its own, and groups of one name',
    {
      'Todos.cs':
        'public static void MapTodos(this IEndpointRouteBuilder routes)\n{\n  var group = routes.MapGroup("/todos");\n  group.WithTags("Todos");\n  group.RequireAuthorization(p => p.RequireCurrentUser());\n  group.MapPost("/", (Db db) => 1);\n}\npublic static void MapNews(this IEndpointRouteBuilder routes)\n{\n  var group = routes.MapGroup("/news");\n  group.MapPost("/", (Db db) => 1);\n}\n',
      'Program.cs': 'var app = WebApplication.Create();\napp.MapTodos();\napp.MapNews();\n',
    },
    ['POST /todos auth', 'POST /news open'],
  ],
  [
    'ASP.NET: the routes of Identity',
    { 'Users.cs': 'var users = app.MapGroup("/users");\nusers.MapIdentityApi<AppUser>();\n' },
    [
      ...['register', 'login', 'refresh', 'resendConfirmationEmail', 'forgotPassword', 'resetPassword'].map((p) => `POST /users/${p} open`),
      'GET /users/confirmEmail open',
      'POST /users/manage/2fa auth',
      'POST /users/manage/info auth',
      'GET /users/manage/info auth',
    ],
  ],
  ['ASP.NET controllers', { 'A.cs': '[ApiController]\n[Route("api/[controller]")]\n[Authorize]\npublic class ItemsController : ControllerBase\n{\n  [HttpGet("{id}")]\n  public IActionResult Get(int id) { return Ok(); }\n\n  [AllowAnonymous]\n  [HttpPost]\n  public IActionResult Add(Item i) { return Ok(); }\n}\n' }, ['GET /api/Items/{id} auth', 'POST /api/Items open']],
  ['ASP.NET controllers by convention', { 'A.cs': 'public class LoginController : Controller\n{\n  [HttpPost]\n  public async Task<IActionResult> Index(Login model)\n  {\n    return View();\n  }\n\n  [HttpPost]\n  public IActionResult Reset(Login model)\n  {\n    return View();\n  }\n}\n' }, ['POST /Login open', 'POST /Login/Reset open']],
  ['ASP.NET controllers behind a template with braces', { 'A.cs': '[Authorize]\n[Route("shops/{shopId:guid}/orders")]\npublic class OrdersController : Controller\n{\n  [HttpPost]\n  public IActionResult Add(Item i) { return Ok(); }\n}\n' }, ['POST /shops/{shopId:guid}/orders auth']],
  [
    'ASP.NET: an attribute of its own that asks for an identity',
    {
      'HasPermissionAttribute.cs': 'internal class HasPermissionAttribute : AuthorizeAttribute\n{\n}\npublic class AuditAttribute : ActionFilterAttribute\n{\n}\npublic class ClaimRequirementAttribute : TypeFilterAttribute\n{\n}\n',
      'Orders.cs':
        '[Route("orders")]\npublic class OrdersController : ControllerBase\n{\n  [HttpPost("")]\n  [HasPermission(Permissions.Order)]\n  public IActionResult Add(Item i) { return Ok(); }\n\n  [HttpPatch("{id}")]\n  [ClaimRequirement("Orders", "Write")]\n  public IActionResult Patch(Item i) { return Ok(); }\n\n  [HttpPut("{id}")]\n  [Audit]\n  public IActionResult Edit(Item i) { return Ok(); }\n}\n',
    },
    ['POST /orders auth', 'PATCH /orders/{id} auth', 'PUT /orders/{id} open'],
  ],
  [
    'ASP.NET: groups that extension methods are handed',
    {
      'Program.cs':
        'var app = WebApplication.Create();\napp.MapGroup("/orders").RequireAuthorization().MapOrders();\napp.UsePanel();\napp.MapGroup("/carts").WithDefaults().MapCarts();\napp.MapPublic();\napp.NewVersionedApi("Bills").MapBills().RequireAuthorization();\n',
      'Orders.cs':
        'public static class Orders\n{\n  public static RouteGroupBuilder MapOrders(this RouteGroupBuilder group)\n  {\n    group.WithTags("Orders");\n    group.MapPost("{id}/cancel", (int id) => 1);\n    group.MapGet("health", () => 1).AllowAnonymous();\n    return group;\n  }\n}\n',
      'Carts.cs':
        'public static class Carts\n{\n  public static void MapCarts(this RouteGroupBuilder group)\n  {\n    var inner = group.MapGroup("/items");\n    inner.MapPost("/", (Item i) => 1);\n  }\n}\n',
      'Public.cs':
        'public static class Public\n{\n  public static void MapPublic(this IEndpointRouteBuilder app)\n  {\n    app.MapPost("/notes", (Note n) => 1);\n  }\n}\n',
      'Bills.cs':
        'public static class Bills\n{\n  public static RouteGroupBuilder MapBills(this IEndpointRouteBuilder app)\n  {\n    var api = app.MapGroup("bills");\n    api.MapPut("/", (Bill b) => 1);\n    return api;\n  }\n}\n',
      'Lost.cs':
        'public static class Lost\n{\n  public static void MapLost(this IEndpointRouteBuilder app)\n  {\n    app.MapPost("/lost", (Note n) => 1);\n  }\n}\n',
      'Panel.cs':
        'public static class Panel\n{\n  public static WebApplication UsePanel(this WebApplication app)\n  {\n    app.MapGet("/panel", () => 1).RequireAuthorization();\n    return app;\n  }\n}\n',
      'Defaults.cs':
        'public static class Defaults\n{\n  public static RouteGroupBuilder WithDefaults(this RouteGroupBuilder group)\n  {\n    return group.RequireAuthorization("api");\n  }\n}\n',
    },
    ['POST /orders/{id}/cancel auth', 'GET /orders/health open', 'GET /panel auth', 'POST /carts/items auth', 'POST /notes open', 'PUT /bills auth', 'POST /lost ?'],
  ],
  ['ASP.NET minimal', { 'Program.cs': 'var g = app.MapGroup("/v1").RequireAuthorization();\ng.MapGet("/a", () => 1);\napp.MapPost("/b", (X x) => 1);\n' }, ['GET /v1/a auth', 'POST /b open']],
  ['Actix: a path that is put together', { 'main.rs': 'use actix_web::{web, App};\nfn app() {\n  App::new().route(&config.health_route, web::get().to(healthcheck))\n}\nasync fn healthcheck() -> impl Responder {\n  "OK"\n}\n' }, ['GET  ?']],
  ['Actix routes and scopes', { 'main.rs': 'use actix_web::{web, App};\nfn app() {\n  App::new()\n    .route("/", web::get().to(home))\n    .service(\n      web::scope("/admin")\n        .wrap(from_fn(reject_anonymous_users))\n        .route("/password", web::post().to(change_password)),\n    )\n    .route("/login", web::post().to(login));\n}\n' }, ['GET / ?', 'POST /admin/password auth', 'POST /login ?']],
  ['axum', { 'main.rs': 'use axum::Router;\nasync fn me(user: AuthUser) -> String { x }\nasync fn home() -> String { x }\nfn app() -> Router { Router::new().route("/me", get(me)).route("/", get(home).post(home)) }\n' }, ['GET /me auth', 'GET / ?', 'POST / ?']],
  ['Sinatra', { 'app.rb': "require 'sinatra'\nget '/a' do\n  'x'\nend\npost '/b' do\n  protected!\n  'y'\nend\n" }, ['GET /a open', 'POST /b auth']],
]; // prettier-ignore

describe('routes', () => {
  it.each(tables)('%s', async (_name, files, expected) => {
    expect(short(await routes(files)).sort()).toEqual([...expected].sort());
  });

  it('gives the limit and the validation of a group to its routes alone', async () => {
    const found = await routes({
      'Program.cs':
        'var orders = app.MapGroup("/orders");\norders.RequirePerUserRateLimit();\norders.WithParameterValidation(typeof(Order));\norders.MapPost("/", (Order o) => 1);\napp.MapPost("/open", (Order o) => 1);\n',
    });
    expect(found.map((r) => [r.route, r.rateLimited, r.validated])).toEqual([
      ['/orders', true, true],
      ['/open', null, null],
    ]);
  });

  it('knows the validators of forms in the actions of Remix', async () => {
    const action = (line: string) =>
      `import { z } from 'zod';\nexport async function action({ request }: Args) {\n  const form = await request.formData();\n  ${line}\n}\n`;
    expect(await routes({ 'app/routes/theme.ts': action('return parseWithZod(form, { schema });') })).toMatchObject([
      { method: 'POST', validated: true },
    ]);
    expect(await routes({ 'app/routes/theme.ts': action("return save(form.get('theme'));") })).toMatchObject([
      { method: 'POST', validated: false },
    ]);
  });

  it('sees validation, response schemas, uploads, sockets and limits', async () => {
    const found = await routes({
      'main.py':
        'from fastapi import FastAPI\napp = FastAPI()\n@app.post("/up", response_model=Out)\n@limiter.limit("5/minute")\nasync def up(file: UploadFile) -> Out:\n    return x\n@app.websocket("/ws")\nasync def ws(socket: WebSocket):\n    await socket.accept()\n@app.post("/raw")\nasync def raw(request: Request):\n    data = await request.json()\n',
    });
    expect(found[0]).toMatchObject({ upload: true, responseSchema: true, rateLimited: true, validated: true, handler: 'up', line: 3 });
    expect(found[1]).toMatchObject({ websocket: true, handler: 'ws' });
    expect(found[2]).toMatchObject({ validated: false, body: expect.stringContaining('request.json()') });
  });

  it('survives broken input', async () => {
    expect(
      await routes({
        'a.py': 'from fastapi import FastAPI\n@app.get("/x"\ndef f(',
        'b.js': "require('express'); app.get('/x', (",
        'c.go': '"net/http"\nr.Group("/x", func(',
      }),
    ).toBeInstanceOf(Array);
  });
});

import { describe, expect, it } from 'vitest';
import { collect } from '../../collect.js';

async function routes(files: Record<string, string>): Promise<unknown[]> {
  const { items } = await collect('routes', files);
  return items.map((i) => [i['method'], i['route'], i['auth']]);
}

const articles = `package articles

import "github.com/gin-gonic/gin"

func Register(router *gin.RouterGroup) {
	router.POST("/:slug", Create)
	own := router.Group("/own", AuthRequired())
	own.PUT("/:id", Update)
}
`;

describe('routes that a Go function registers on the router that it is given', () => {
  it('take prefix and guards from the one caller, as far as they stand when it calls', async () => {
    const main = `package main

import "github.com/gin-gonic/gin"

func main() {
	r := gin.Default()
	v1 := r.Group("/api")
	health.Register2(v1)
	v1.Use(AuthMiddleware())
	articles.Register(v1.Group("/articles"))
}
`;
    expect(await routes({ 'main.go': main, 'articles/routers.go': articles })).toEqual([
      ['POST', '/api/articles/:slug', true],
      ['PUT', '/api/articles/own/:id', true],
    ]);
    expect(await routes({ 'main.go': main.replace('\tv1.Use(AuthMiddleware())\n', ''), 'articles/routers.go': articles })).toEqual([
      ['POST', '/api/articles/:slug', false],
      ['PUT', '/api/articles/own/:id', true],
    ]);
  });

  it('may be registered by what makes a handler', async () => {
    const handler = `package rest

import "github.com/labstack/echo/v4"

func NewArticleHandler(e *echo.Echo, svc Service) {
	handler := &ArticleHandler{Service: svc}
	e.POST("/articles", handler.Store)
}
`;
    const main = `package main

import "github.com/labstack/echo/v4"

func main() {
	e := echo.New()
	rest.NewArticleHandler(e, svc)
	server := httptest.NewServer(e)
}
`;
    expect(await routes({ 'app/main.go': main, 'rest/article.go': handler })).toEqual([['POST', '/articles', false]]);
    expect(
      await routes({ 'app/main.go': main.replace('echo.New()', 'echo.New()\n\te.Use(AuthMiddleware)'), 'rest/article.go': handler }),
    ).toEqual([['POST', '/articles', true]]);
  });

  it('cannot be told without a caller, or where callers disagree', async () => {
    expect(await routes({ 'articles/routers.go': articles })).toEqual([
      ['POST', '/:slug', null],
      ['PUT', '/own/:id', true],
    ]);
    const two = `package main

import "github.com/gin-gonic/gin"

func main() {
	r := gin.New()
	articles.Register(r.Group("/open"))
	articles.Register(r.Group("/closed", AuthRequired()))
}
`;
    expect(await routes({ 'main.go': two, 'articles/routers.go': articles })).toEqual([
      ['POST', '/:slug', null],
      ['PUT', '/own/:id', true],
    ]);
  });

  it('are followed through functions that hand the router on, and through chi.Route', async () => {
    const server = `package main

import "github.com/go-chi/chi/v5"

func main() {
	r := chi.NewRouter()
	r.Route("/v1", api)
}

func api(r chi.Router) {
	r.Use(RequireAuth)
	notes(r)
}
`;
    const notes = `package main

import "github.com/go-chi/chi/v5"

func notes(r chi.Router) {
	r.Post("/notes", create)
}
`;
    expect(await routes({ 'server.go': server, 'notes.go': notes })).toEqual([['POST', '/v1/notes', true]]);
  });

  it('may have guards bound behind the call, of a route or of a group', async () => {
    const backups = `package apis

import "net/http"

func bind(rg *router.RouterGroup[*core.RequestEvent]) {
	rg.POST("/open", open)
	rg.POST("/backups", create).Bind(BodyLimit(0), RequireSuperuserAuth())
	own := rg.Group("/own").Bind(RequireAuth())
	own.DELETE("/{id}", remove)
}

func start(api *router.RouterGroup[*core.RequestEvent]) {
	bind(api.Group("/api"))
}
`;
    expect(await routes({ 'apis/backup.go': backups })).toEqual([
      ['POST', '/api/open', null],
      ['POST', '/api/backups', true],
      ['DELETE', '/api/own/{id}', true],
    ]);
  });

  it('takes the handler that a wrapper is given beside other arguments', async () => {
    const app = `package main

import "net/http"

func main() {
	mux := http.NewServeMux()
	mux.Handle("/import", logged(importHandler, verbose))
	mux.Handle("/list", guarded(listHandler))
}

func importHandler(w http.ResponseWriter, r *http.Request) {
	file, _, _ := r.FormFile("sheet")
}
`;
    const { items } = await collect('routes', { 'main.go': app });
    expect(items.map((i) => [i['handler'], i['upload']])).toEqual([
      ['importHandler', true],
      ['listHandler', false],
    ]);
  });
});

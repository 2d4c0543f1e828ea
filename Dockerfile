# readiness as a container: docker run --rm --network none -v "$PWD:/repo:ro" readiness audit
FROM node:22.11.0-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm install --no-fund --no-audit
COPY tsconfig.json ./
COPY scripts ./scripts
COPY checks ./checks
COPY src ./src
RUN npm run build && npm prune --omit=dev --no-fund --no-audit

FROM node:22.11.0-bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends git \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/readiness
COPY --from=build /src/package.json ./
COPY --from=build /src/node_modules ./node_modules
COPY --from=build /src/dist ./dist
RUN ln -s /opt/readiness/dist/cli.js /usr/local/bin/readiness
LABEL org.opencontainers.image.title=readiness org.opencontainers.image.licenses=MIT
USER node
WORKDIR /repo
HEALTHCHECK --interval=30s --timeout=5s CMD ["node", "/opt/readiness/dist/cli.js", "--version"]
ENTRYPOINT ["readiness"]
CMD ["audit"]

# syntax=docker/dockerfile:1

FROM node:24-slim AS build
WORKDIR /docket
COPY package.json package-lock.json ./
RUN npm ci --include=dev --no-audit --no-fund
COPY . .
# What the image is made of: third-party licenses, and a bill of materials (CycloneDX). `npm sbom` fails where
# devDependencies are named and not installed, and with --omit=dev it leaves out what they share with the server.
# The server runs as a user who owns none of these files, so that others must be able to read them.
RUN npm run build \
  && node scripts/notices.mjs > THIRD-PARTY-NOTICES.txt \
  && npm prune --omit=dev --no-audit --no-fund \
  && npm pkg delete devDependencies \
  && npm sbom --sbom-format=cyclonedx --sbom-type=application > sbom.cdx.json \
  && chmod -R a+rX,go-w .

FROM node:24-slim
WORKDIR /docket
# Inside a container only 0.0.0.0 can be reached from outside. APP_ORIGIN, the address people type, has to be given:
#   docker run -p 3000:3000 -v docket:/data -e APP_ORIGIN=http://localhost:3000 docket
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    DATABASE_URL=file:/data/docket.db
# Only the data belongs to the user that the server runs as
RUN mkdir /data && chown node:node /data
COPY --from=build /docket ./
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Not `npm start`: npm would check for the packages left out above, and would stand between SIGTERM and the server
CMD ["node", "--import", "./scripts/environment.mjs", "node_modules/@remix-run/serve/dist/cli.js", "./build/server/index.js"]

# All images of StorageX: targets edge-api, sql-endpoint, migrate, bridge, webhooks, imports, worker, s3. docker-compose.yml builds them.
# Behind a private npm registry: --secret id=npmrc,src=$HOME/.npmrc (used only during the build, never stored).
ARG NODE=node:24-trixie-slim
ARG DEBIAN=debian:trixie-slim

FROM ${NODE} AS base
WORKDIR /app
ENV NODE_ENV=production

# npm ci refuses a lock file with missing workspaces.
FROM base AS manifests
COPY package.json package-lock.json ./
COPY cli/package.json cli/
COPY client/package.json client/
COPY contract/package.json contract/
COPY edge-api/package.json edge-api/
COPY s3-gateway/package.json s3-gateway/
COPY transcode-node/package.json transcode-node/
COPY web/package.json web/

# Only the packages that bridge and worker need at run time.
FROM manifests AS node-deps
RUN --mount=type=cache,target=/root/.npm --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npm ci --omit=dev --ignore-scripts --workspace @storagex/transcode-node --include-workspace-root=false

# The dashboard, the Worker bundle with workerd, and each small Node process as one file.
FROM manifests AS build
RUN --mount=type=cache,target=/root/.npm --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npm ci --omit=dev --ignore-scripts
COPY wrangler.toml tsconfig.base.json ./
COPY contract contract
COPY web web
COPY edge-api edge-api
COPY s3-gateway s3-gateway
COPY stack stack
RUN node stack/entries/build.ts \
 && node stack/entries/workerd-image.ts /srv/storagex \
 && cp node_modules/@cloudflare/workerd-linux-*/bin/workerd /srv/storagex/
# The banner: bundled CommonJS packages call `require`, which an ES module does not have.
RUN node_modules/.bin/esbuild edge-api/sql-endpoint/main.ts edge-api/ops/migrate.ts edge-api/ops/admin.ts \
      stack/entries/make-bucket.ts stack/entries/make-env.ts s3-gateway/src/main.ts \
      --bundle --platform=node --target=node24 --format=esm --external:pg-native \
      --banner:js='import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' \
      --outbase=. --outdir=/out --out-extension:.js=.mjs --log-level=warning

FROM ${DEBIAN} AS edge-api
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates curl \
 && rm -rf /var/lib/apt/lists/* && useradd -u 1000 -M storagex
COPY --from=build /srv/storagex /srv/storagex
USER storagex
EXPOSE 8787
HEALTHCHECK --interval=5s --timeout=10s --start-period=60s CMD ["curl","-fsS","-o","/dev/null","http://127.0.0.1:8787/healthz"]
CMD ["/srv/storagex/workerd", "serve", "/srv/storagex/config.capnp"]

FROM base AS sql-endpoint
COPY --from=build /out/edge-api/sql-endpoint edge-api/sql-endpoint
ENV SQL_ENDPOINT_HOST=0.0.0.0 SQL_ENDPOINT_PORT=4444
USER node
EXPOSE 4444
HEALTHCHECK --interval=5s --timeout=10s --start-period=60s CMD ["node","-e","fetch('http://127.0.0.1:4444/healthz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["node", "edge-api/sql-endpoint/main.mjs"]

# One-shot commands: migrate the schema, create the first administrator, create the bucket, write .env.
FROM base AS migrate
COPY .env.example ./
COPY edge-api/migrations edge-api/migrations
COPY --from=build /out/edge-api/ops edge-api/ops
COPY --from=build /out/stack/entries/make-bucket.mjs /out/stack/entries/make-env.mjs stack/
USER node
CMD ["node", "edge-api/ops/migrate.mjs"]

# StorageX's own small S3: one node, one disk (docker-compose.embedded-s3.yml).
FROM base AS s3
COPY --from=build /out/s3-gateway/src s3-gateway
RUN install -d -o node -g node /data
ENV S3_LISTEN_HOST=0.0.0.0 S3_LISTEN_PORT=7070 S3_DATA=/data
USER node
EXPOSE 7070
# Any answer means healthy: unsigned requests are refused.
HEALTHCHECK --interval=5s --timeout=10s --start-period=60s CMD ["node","-e","fetch('http://127.0.0.1:7070/').then(()=>process.exit(0),()=>process.exit(1))"]
CMD ["node", "s3-gateway/main.mjs"]

FROM base AS bridge
COPY --from=node-deps /app/node_modules node_modules
COPY package.json ./
COPY contract contract
COPY transcode-node transcode-node
ENV BRIDGE_HOST=0.0.0.0 BRIDGE_PORT=8090
USER node
EXPOSE 8090
HEALTHCHECK --interval=5s --timeout=10s --start-period=60s CMD ["node","-e","fetch('http://127.0.0.1:8090/healthz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["node", "--enable-source-maps", "transcode-node/src/bridge.ts"]

FROM bridge AS webhooks
ENV WEBHOOKS_HEALTH_HOST=0.0.0.0 WEBHOOKS_HEALTH_PORT=9091
EXPOSE 9091
HEALTHCHECK --interval=5s --timeout=10s --start-period=60s CMD ["node","-e","fetch('http://127.0.0.1:9091/healthz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["node", "--enable-source-maps", "transcode-node/src/webhooks.ts"]

FROM bridge AS imports
ENV IMPORTS_HEALTH_HOST=0.0.0.0 IMPORTS_HEALTH_PORT=9092
EXPOSE 9092
HEALTHCHECK --interval=5s --timeout=10s --start-period=60s CMD ["node","-e","fetch('http://127.0.0.1:9092/healthz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["node", "--enable-source-maps", "transcode-node/src/imports.ts"]

# FFmpeg with only the libraries that it links: Debian's package installs Mesa and LLVM too (twice the image size).
FROM base AS ffmpeg
RUN apt-get update && apt-get install -y --no-install-recommends ffmpeg && rm -rf /var/lib/apt/lists/*
# Into /usr/lib, never /lib, which is a symbolic link in the target.
RUN mkdir /out && { echo /usr/bin/ffmpeg; echo /usr/bin/ffprobe; \
      ldd /usr/bin/ffmpeg /usr/bin/ffprobe | awk '$3 ~ /^\// {print $3}' | sed 's,^/lib/,/usr/lib/,' \
      | grep -vE '/(libc|libm|libdl|libpthread|librt|libstdc\+\+|libgcc_s)\.so'; } \
    | sort -u | xargs cp --parents -L -t /out

FROM base AS worker
COPY --from=ffmpeg /out /
# Driver packages of a video device (QSV, VAAPI); FFmpeg loads drivers by name. NVIDIA's come from the host.
ARG VIDEO_DRIVERS=""
RUN if [ -n "$VIDEO_DRIVERS" ]; then \
      apt-get update && apt-get install -y --no-install-recommends $VIDEO_DRIVERS && rm -rf /var/lib/apt/lists/*; fi
RUN ldconfig && ffmpeg -v error -f lavfi -i testsrc=d=1 -c:v libx264 -f null - \
 && install -d -o node -g node /scratch
COPY --from=node-deps /app/node_modules node_modules
COPY package.json ./
COPY contract contract
COPY transcode-node transcode-node
ENV WORKER_SCRATCH=/scratch WORKER_HEALTH_HOST=0.0.0.0 WORKER_HEALTH_PORT=9090
USER node
EXPOSE 9090
VOLUME /scratch
HEALTHCHECK --interval=5s --timeout=10s --start-period=60s CMD ["node","-e","fetch('http://127.0.0.1:9090/healthz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["node", "--enable-source-maps", "transcode-node/src/worker.ts"]

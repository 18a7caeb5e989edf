# Upreel on the CPU. Build: docker build -t upreel .
FROM node:26-trixie-slim@sha256:ec7758ee051e457b468b32bde57b0879010b325bb9862718e9615225ce4aaae1 AS manifests
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY packages/core/package.json packages/core/
COPY packages/engine/package.json packages/engine/
COPY packages/files/package.json packages/files/
COPY packages/film-facts/package.json packages/film-facts/
COPY packages/intro-credits/package.json packages/intro-credits/
COPY packages/jellyfin/package.json packages/jellyfin/
COPY packages/jobs/package.json packages/jobs/
COPY packages/media/package.json packages/media/
COPY packages/pipeline/package.json packages/pipeline/
COPY packages/plugin-sdk/package.json packages/plugin-sdk/
COPY packages/processes/package.json packages/processes/
COPY packages/scan/package.json packages/scan/
COPY packages/sources/package.json packages/sources/
COPY packages/streams/package.json packages/streams/
COPY packages/testkit/package.json packages/testkit/
COPY packages/upscaler/package.json packages/upscaler/
COPY packages/watcher/package.json packages/watcher/
COPY packages/webhooks/package.json packages/webhooks/
COPY packages/workers/package.json packages/workers/
COPY apps/gateway/package.json apps/gateway/
COPY apps/player/package.json apps/player/
COPY apps/worker/package.json apps/worker/

FROM manifests AS pages
RUN npm ci --ignore-scripts --no-fund --no-audit
COPY apps/player ./apps/player
COPY tsconfig.json ./
COPY scripts/build-player.ts ./scripts/
RUN node scripts/build-player.ts

FROM manifests AS packages
# No install scripts: onnxruntime-node would fetch GPU libraries, and the image brings its own Node.
RUN npm ci --omit=dev --ignore-scripts --no-fund --no-audit

FROM node:26-trixie-slim@sha256:ec7758ee051e457b468b32bde57b0879010b325bb9862718e9615225ce4aaae1
RUN apt-get update \
  && apt-get install -y --no-install-recommends ffmpeg \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=packages /app ./
COPY package.json ./
COPY packages ./packages
COPY apps ./apps
COPY --from=pages /app/apps/player/dist ./apps/player/dist
RUN mkdir /data && chown node:node /data
USER node
ENV HOST=0.0.0.0 PORT=5000 DATA_DIR=/data MEDIA_ROOTS=/media
VOLUME /data
EXPOSE 5000
CMD ["node", "apps/gateway/src/cli.ts", "serve"]

# syntax=docker/dockerfile:1
# Builds in one stage, runs in another: the result holds Node, dist/, the schemas and the production dependencies.
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
# Without scripts: `prepare` would build before the sources are there.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-bookworm-slim
LABEL org.opencontainers.image.title="callbackd" \
      org.opencontainers.image.description="Keeps the callback apps of a Coze account in line with a YAML file" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production \
    CALLBACKD_CONFIG=/etc/callbackd/callbackd.yaml \
    CALLBACKD_STATE_DIR=/var/lib/callbackd
WORKDIR /opt/callbackd
COPY --from=build /build/package.json /build/LICENSE ./
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/schema schema
COPY --from=build /build/dist dist
RUN ln -s /opt/callbackd/dist/main.js /usr/local/bin/callbackd \
 && install -d -o node -g node -m 0700 /var/lib/callbackd \
 && install -d -o node -g node -m 0750 /run/callbackd
USER node
# Both belong to `node` as they do in the image, so that a read-only root file system needs no further flags.
VOLUME ["/var/lib/callbackd", "/run/callbackd"]
STOPSIGNAL SIGTERM
# Asks the status server in the same container. With `status.listen` on another port or `off`, give your own check.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9643/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["callbackd"]
CMD ["run"]

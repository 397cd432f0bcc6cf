# syntax=docker/dockerfile:1
# Builds in one stage, runs in another: the result holds Node, dist/, the schemas and the production dependencies.
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
LABEL org.opencontainers.image.title="callbackd" \
      org.opencontainers.image.description="Keeps the callback apps of a Coze account in line with a YAML file" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production \
    CALLBACKD_CONFIG=/etc/callbackd/callbackd.yaml \
    CALLBACKD_STATE_DIR=/var/lib/callbackd
WORKDIR /opt/callbackd
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/schema schema
COPY --from=build /build/dist dist
RUN ln -s /opt/callbackd/dist/main.js /usr/local/bin/callbackd \
 && install -d -o node -g node -m 0700 /var/lib/callbackd \
 && install -d -o node -g node -m 0755 /run/callbackd
USER node
VOLUME /var/lib/callbackd
STOPSIGNAL SIGTERM
ENTRYPOINT ["callbackd"]
CMD ["run"]

# syntax=docker/dockerfile:1
# The single executable alone: no shell, no package manager, no other program. The same that a release brings.
# The base is named by its exact version; where your policy wants a digest, add it: node:24.21.0-bookworm-slim@sha256:...
FROM node:24.21.0-bookworm-slim AS build
RUN apt-get update \
 && apt-get install --yes --no-install-recommends binutils \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY . .
RUN node scripts/build-executable.mjs --file /build/root/usr/bin/callbackd
# What Node links to, and nothing else; the two folders that are written belong to the user.
RUN cd root \
 && mv usr/bin/THIRD-PARTY-NOTICES ../LICENSE . \
 && ldd usr/bin/callbackd | grep -o '/[^ ]*' | xargs -I{} cp --dereference --parents {} . \
 && install -d -m 1777 tmp \
 && install -d -o 65532 -g 65532 -m 0700 var/lib/callbackd run/callbackd \
 && install -d etc \
 && echo 'callbackd:x:65532:65532:callbackd:/var/lib/callbackd:/sbin/nologin' > etc/passwd

FROM scratch
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="callbackd" \
      org.opencontainers.image.description="Keeps the callback apps of a Coze account in line with a YAML file" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
COPY --from=build /build/root /
ENV PATH=/usr/bin \
    CALLBACKD_CONFIG=/etc/callbackd/callbackd.yaml \
    CALLBACKD_STATE_DIR=/var/lib/callbackd \
    CALLBACKD_CONTROL_SOCKET=/run/callbackd/control.sock
USER 65532:65532
WORKDIR /var/lib/callbackd
VOLUME ["/var/lib/callbackd", "/run/callbackd"]
STOPSIGNAL SIGTERM
# Over the control socket, so it needs no port and no other program.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["callbackd", "status", "--check"]
ENTRYPOINT ["callbackd"]
CMD ["run"]

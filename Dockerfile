# syntax=docker/dockerfile:1

FROM rust:1.95-slim-bookworm AS build
WORKDIR /source
COPY . .
# Crates and compiled dependencies are kept in the builder's cache from one build to the next. The binary is copied out of
# it, since a cache is not part of the image. Packed relocations save 1.1 MB of memory; they need the C library of this image (glibc 2.36).
RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,target=/source/target,sharing=locked \
    RUSTFLAGS="-C link-arg=-Wl,-z,pack-relative-relocs" cargo build --release --locked --bin frontdesk \
    && cp target/release/frontdesk /usr/local/bin/frontdesk

FROM debian:bookworm-slim
# The newest certificates and zones are wanted, not the ones of a certain day.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates tzdata \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /usr/local/bin/frontdesk /usr/local/bin/frontdesk

# What callers say while the database is away is kept here. A new named volume takes the owner of the folder that it is mounted on; a
# folder of the host's must be given to 65532 by whoever mounts it. Without either Docker makes a volume that goes with the container.
RUN install --directory --owner=65532 --group=65532 --mode=0700 /var/lib/frontdesk /var/lib/frontdesk/spool
VOLUME /var/lib/frontdesk

# A number, so that a platform can tell without reading /etc/passwd that this is not root.
USER 65532:65532
ENV FRONTDESK_LISTEN=0.0.0.0:8080 FRONTDESK_SPOOL=/var/lib/frontdesk/spool
EXPOSE 8080
STOPSIGNAL SIGTERM
# Whether the process answers, and nothing else: whoever restarts an unhealthy container must not do so for an outage of the database, nor
# while the service finishes its calls. Load balancers route by /health/serving.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 CMD ["frontdesk", "health"]
ENTRYPOINT ["frontdesk"]
CMD ["serve"]

# DuckDB is linked statically but needs the C++ runtime: hence distroless/cc.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN go build -trimpath -ldflags='-s -w' -o /cigogne ./cmd/cigogne \
 && mkdir -p /data

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /cigogne /usr/local/bin/cigogne
COPY --from=build --chown=nonroot:nonroot /data /data
ENV CIGOGNE_DATA=/data
VOLUME /data
ENTRYPOINT ["/usr/local/bin/cigogne"]

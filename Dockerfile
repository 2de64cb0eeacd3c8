# One program that needs no other file: DuckDB and the C++ runtime are linked in,
# names are looked up and time zones known by Go's own code.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN go build -trimpath -tags netgo,osusergo,timetzdata -ldflags='-s -w -linkmode external -extldflags "-static"' -o /cigogne ./cmd/cigogne \
 && mkdir -p /data && echo 'nonroot:x:65532:65532::/data:/' >/passwd

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /passwd /etc/passwd
COPY --from=build /cigogne /usr/local/bin/cigogne
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
ENV CIGOGNE_DATA=/data
VOLUME /data
ENTRYPOINT ["/usr/local/bin/cigogne"]

# The program and nothing else: static, without a shell, not root.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=unknown
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /out/tilgang ./cmd/tilgang \
 && mkdir -m 0700 /out/data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/tilgang /tilgang
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
ENV TILGANG_DATA_DIR=/data
EXPOSE 8080
ENTRYPOINT ["/tilgang"]
CMD ["help"]

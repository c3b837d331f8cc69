# One image for all parts of the service: `api`, `worker`, or everything at once with `serve`.
FROM node:22-bookworm-slim AS pages
RUN apt-get update && apt-get install -y --no-install-recommends make
WORKDIR /app
COPY Makefile ./
COPY frontend/ frontend/
RUN make static

FROM python:3.11-slim-bookworm

RUN apt-get update \
    && apt-get install -y --no-install-recommends libgl1 libglib2.0-0 \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY requirements.txt ./
# --no-deps with the full pinned list keeps out the second OpenCV that rapidocr asks for
RUN pip install --no-cache-dir --require-hashes --no-deps -r requirements.txt
COPY . ./
COPY --from=pages /app/static/vendor/ static/vendor/
RUN pip install --no-cache-dir --no-deps --no-build-isolation . \
    && useradd --create-home --uid 10001 archive \
    && install -d -o archive -g archive /data

USER archive
ENV DATA_DIR=/data ARCHIVE_VERIFY_CACHE_DIR=/data/cache PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8000
ENTRYPOINT ["archive-verify"]
CMD ["serve", "--host", "0.0.0.0"]

# The application's image, for docker-compose.yml. It holds what production needs and no embedded server.
FROM python:3.13-slim-bookworm

RUN apt-get update \
 && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libreoffice-writer-nogui \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --home-dir /srv/countersign countersign

WORKDIR /srv/countersign
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes --no-deps --requirement requirements.lock

COPY . .
ENV PYTHONUNBUFFERED=1
RUN mkdir -p static var/assets var/media \
 && DJANGO_SETTINGS_MODULE=config.settings.base python manage.py build_fonts \
 && DJANGO_SETTINGS_MODULE=config.settings.base python manage.py collectstatic --no-input --verbosity 0 \
 && chown -R countersign var
USER countersign

FROM python:3.11-slim

RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home leaders \
    && install -d -o leaders /data

ENV PYTHONUNBUFFERED=1 XDG_CACHE_HOME=/tmp VAR=/data
WORKDIR /app

COPY requirements.txt .
RUN pip install --no-cache-dir --no-deps --require-hashes --only-binary=:all: -r requirements.txt

COPY . .
# The containers may write nothing: without byte-code every process would compile everything at each start, in memory.
RUN python -m compileall -q .
# Production settings insist on their secrets; collecting files reads none of them.
RUN BASE_URL=https://build.invalid SECRET_KEY=build FIELD_KEYS=build DATABASE_URL=postgres:///build \
    REDIS_URL=redis://build EMAIL_URL=smtp://build python manage.py collectstatic --noinput --verbosity 0

USER leaders
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "--bind=0.0.0.0:8000"]

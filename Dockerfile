# Marquee in one image: the web server by default, `python manage.py worker` beside it. See docs/operating.md.
FROM python:3.11-slim-bookworm AS build
WORKDIR /srv/marquee
COPY requirements.txt ./
COPY cms/install.py cms/install.py
COPY container container
RUN ["sh", "container/build", "dependencies"]
COPY . .
RUN ["sh", "container/build", "application"]

FROM python:3.11-slim-bookworm
WORKDIR /srv/marquee
ENV PATH=/srv/marquee/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    STATIC_ROOT=/srv/marquee/static \
    VAR_DIR=/var/lib/marquee \
    LOG_FORMAT=json
COPY --from=build /srv/marquee /srv/marquee
# The code belongs to root and cannot be written; all that is written lies in the volume.
RUN ["sh", "container/build", "user"]
USER marquee
VOLUME /var/lib/marquee
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["python", "container/ready.py"]
CMD ["python", "-m", "cms.serving", "--host", "0.0.0.0", "--port", "8000"]

# syntax=docker/dockerfile:1
# One image for the five processes; PROCESS chooses: gateway, identity, cases, licensing, billing.
ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/portal
COPY requirements.txt .
RUN /opt/portal/bin/pip install --require-hashes -r requirements.txt

FROM python:${PYTHON}-slim
ARG PROCESS=gateway
ENV PATH=/opt/portal/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PROCESS=${PROCESS}
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin portal
WORKDIR /srv
COPY --from=build /opt/portal /opt/portal
COPY kit kit
COPY gateway gateway
COPY services services
RUN mkdir /files && chown 10001 /files
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s --retries=5 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/ready', timeout=2)"]
COPY --chmod=755 deploy/start /usr/local/bin/start
ENTRYPOINT ["start"]

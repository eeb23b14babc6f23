# The worker, the pages and the migrations in one image; the command says which.
FROM python:3.13-slim AS build
WORKDIR /mile
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
COPY deploy/requirements.lock deploy/requirements.lock
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r deploy/requirements.lock
COPY . .
RUN pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

FROM python:3.13-slim
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /home/mile
RUN useradd --create-home --home-dir /home/mile mile
USER mile
ENTRYPOINT ["mile"]
CMD ["web"]

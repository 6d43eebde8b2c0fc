FROM python:3.13-slim AS packages
WORKDIR /build
COPY pyproject.toml requirements.lock ./
# Each file is checked against the lock's hashes; what runs Watchweb is then taken from these alone.
RUN pip wheel --quiet --no-cache-dir --require-hashes -r requirements.lock -w wheels
# What else to take in, separated by spaces: aws for Amazon ECR, google for Google's registries.
ARG EXTRAS=""
RUN python -c 'import sys, tomllib; \
project = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
extras = [one for name in sys.argv[1:] for one in project["optional-dependencies"][name]]; \
print(*project["dependencies"], *extras, sep="\n")' $EXTRAS > runtime.txt \
 && python -m venv /opt/watchweb \
 && /opt/watchweb/bin/pip install --quiet --no-index --find-links wheels -r runtime.txt

FROM python:3.13-slim
RUN useradd --system --uid 990 --home-dir /data --shell /usr/sbin/nologin watchweb \
 && install -d -o watchweb -g watchweb -m 700 /data
COPY --from=packages /opt/watchweb /opt/watchweb
COPY . /app
RUN python -m compileall -q /app
ENV PATH=/opt/watchweb/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    WATCHWEB_DATA=/data
WORKDIR /app
VOLUME /data
EXPOSE 8000
# Not root. To use the socket of this machine's engine it needs the socket's group: see compose.yaml.
USER watchweb
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["python", "scripts/healthy.py"]
ENTRYPOINT ["python", "manage.py"]
CMD ["up", "--bind", "0.0.0.0:8000"]

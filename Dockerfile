# Two images of one file each: `--target emulator`, and `--target backend` (examples/backend). compose.yaml runs both.
FROM node:24.21.0-slim AS build
WORKDIR /app
COPY . .
# The lockfile's versions. No package needs a script of its own here.
RUN --mount=type=cache,target=/root/.local/share/pnpm/store \
  npx -y pnpm@12.21.0 install --frozen-lockfile --ignore-scripts --filter effect-cloudauth --filter examples...
RUN node_modules/.bin/rolldown packages/emulator/src/main.ts --platform node --no-codeSplitting --file out/emulator.mjs \
  && node_modules/.bin/rolldown examples/backend/main.ts --platform node --no-codeSplitting --file out/backend.mjs

FROM node:24.21.0-slim AS runtime
WORKDIR /app
USER node

FROM runtime AS backend
COPY --from=build /app/out/backend.mjs .
ENV HOST=0.0.0.0 PORT=3000
EXPOSE 3000
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/openapi.json`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "backend.mjs"]

# The last is what is built without a target. Further flags go behind the image's name: docker run IMAGE --qps 10
FROM runtime AS emulator
COPY --from=build /app/out/emulator.mjs .
EXPOSE 8787
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8787/').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "emulator.mjs", "--host", "0.0.0.0", "--port", "8787"]

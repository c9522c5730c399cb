FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY embedded/package.json embedded/
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build

# Without the workspace: the embedded servers are for development and tests only.
FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --workspaces=false --ignore-scripts

FROM node:24.21.0-bookworm-slim
# Inside a container, loopback would be out of everybody's reach.
ENV NODE_ENV=production HTTP_HOST=0.0.0.0 HTTP_PORT=3000
WORKDIR /app
COPY package.json ./
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist/src dist/src
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.HTTP_PORT + '/health/live').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# kafkajs asks for negative time-outs, of which Node 24 warns in three lines each.
CMD ["node", "--disable-warning=TimeoutNegativeWarning", "dist/src/main.js"]

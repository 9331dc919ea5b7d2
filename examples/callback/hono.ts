import { Hono } from "hono"

export const withHono = (callback: (request: Request) => Promise<Response>) =>
  new Hono().all("/cloudauth/callback", ({ req }) => callback(req.raw))

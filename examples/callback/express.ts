import { nodeHandler } from "@effect-cloudauth/node/Client"
import express, { type Express } from "express"

export const withExpress = (callback: (request: Request) => Promise<Response>): Express =>
  express().all("/cloudauth/callback", nodeHandler(callback))

/** Serves until a signal stops it; requests and results in flight may finish. */
import { NodeRuntime } from "@effect/platform-node"
import { Layer } from "effect"
import * as server from "./server.ts"

NodeRuntime.runMain(Layer.launch(server.layer))

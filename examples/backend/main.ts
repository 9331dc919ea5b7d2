/** Serves until it is told to stop; requests and results under way may end. */
import { NodeRuntime } from "@effect/platform-node"
import { Layer } from "effect"
import * as server from "./server.ts"

NodeRuntime.runMain(Layer.launch(server.layer))

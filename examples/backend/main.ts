/** Serves until a signal stops it; requests and results in flight may finish. */
import { Layer } from "effect"
import { run } from "./program.ts"
import * as server from "./server.ts"

run(Layer.launch(server.layer))

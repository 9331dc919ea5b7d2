/**
 * undici's dispatcher, loaded in the first idle turn of the event loop, or by the first request where that comes sooner:
 * whoever builds a client need not wait for it.
 */
import type { Dispatcher } from "undici"
import { Aborted } from "./Aborted.ts"
import type { UndiciHandler } from "./UndiciHandler.ts"

export class LazyDispatcher {
  readonly #make: () => Promise<Dispatcher>
  readonly #idle: NodeJS.Immediate
  #making: Promise<Dispatcher> | undefined
  #dispatcher: Dispatcher | undefined

  constructor(make: () => Promise<Dispatcher>) {
    this.#make = make
    // Not `unref`: with nothing to keep it awake for, the event loop sleeps until something else happens, a request mostly.
    this.#idle = setImmediate(() => {
      // Should it fail, each request is told.
      this.#load().catch(() => {})
    })
  }

  /** What cannot be sent is told to the handler: this does not throw. */
  dispatch(options: Dispatcher.DispatchOptions, handler: UndiciHandler): void {
    if (this.#dispatcher !== undefined) {
      this.#dispatcher.dispatch(options, handler)
      return
    }
    this.#load().then(
      (dispatcher) => {
        // undici would open a connection for it.
        if (handler.isCancelled) handler.onResponseError(null, new Aborted("The request was interrupted"))
        else dispatcher.dispatch(options, handler)
      },
      (cause) => handler.onResponseError(null, cause)
    )
  }

  async destroy(): Promise<void> {
    clearImmediate(this.#idle)
    // What could not be made was told to the requests that waited for it.
    const dispatcher = await this.#making?.catch(() => undefined)
    await dispatcher?.destroy()
  }

  #load(): Promise<Dispatcher> {
    return (this.#making ??= this.#make().then(
      (dispatcher) => (this.#dispatcher = dispatcher),
      (cause) => {
        // The next request tries again: there may have been too many open files for a while.
        this.#making = undefined
        throw cause
      }
    ))
  }
}

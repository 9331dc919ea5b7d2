/**
 * Every attribute that the client puts on spans, events, logs and metrics: its name, its signals and its meaning. Names
 * are OpenTelemetry's if its semantic conventions (1.45) have one, else they begin with `cloudauth.`; one is Effect's.
 *
 * @since 0.1.0
 */
import { Attribute } from "@effect-cloudauth/core/Telemetry"
import type { Definition } from "./internal/attributes/Definition.ts"
import { own } from "./internal/attributes/own.ts"
import { standard } from "./internal/attributes/standard.ts"

export type { Definition, Signal } from "./internal/attributes/Definition.ts"

/**
 * The name of an attribute.
 *
 * @category models
 * @since 0.1.0
 */
export type Name = (typeof Attribute)[keyof typeof Attribute]

/**
 * The definitions by name.
 *
 * @category models
 * @since 0.1.0
 */
export const table = { ...standard, ...own } as const satisfies Readonly<Record<Name, Definition>>

/**
 * The definition of an attribute.
 *
 * @category getters
 * @since 0.1.0
 */
export const definitionOf = (name: Name): Definition => table[name]

/**
 * All names, in the order of `Telemetry.Attribute`.
 *
 * @category models
 * @since 0.1.0
 */
export const names: ReadonlyArray<Name> = Object.values(Attribute)

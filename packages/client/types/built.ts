/**
 * The declarations of the built client, which are free of Effect, beside the types of its sources. `test/built.test.ts` compiles
 * this once the client is built. Every type below is empty, or names what differs.
 */
import type * as Built from "../dist/index.js"
import type * as Source from "../src/index.ts"

type AnyClass = abstract new (...given: never) => unknown

/** A class by its instances: the constructors of the declarations are private. */
type Meant<T, Class = T> = Class extends AnyClass ? (T extends { readonly prototype: infer I } ? I : never) : T

/** What the sources do not give as the built client declares it, or do not take. */
type Differing<S, B> = {
  [K in keyof B]: K extends keyof S ? (Meant<S[K]> extends Meant<B[K], S[K]> ? never : K) : K
}[keyof B]

/** What an error of the sources can do in Effect alone. */
type OfEffect = symbol | "pipe" | "toJSON" | "toString" | "~effect/Effect"

/** The keys of the sources that the declarations leave out. */
type LeftOut<S, B> = Exclude<keyof S, keyof B | OfEffect>

type Empty<T extends never> = T

type Sources = typeof Source
type Declared = typeof Built
type Client = ReturnType<Sources["createClient"]>
type DeclaredClient = ReturnType<Declared["createClient"]>

/** They have a further form in Effect's `pipe`, which the client leaves out. */
interface TwoForms {
  readonly Assessment: "match"
  readonly Decision: "of"
}
/** The client is compared below. `reveal` has the simpler overloads of the client's own `Redacted`. */
type OneForm = Omit<Declared, keyof TwoForms | "createClient" | "reveal">
type Rest<Name extends keyof TwoForms> = Omit<Declared[Name], TwoForms[Name]>

export type Values = Empty<
  | Differing<Sources, OneForm>
  | Differing<Sources["Assessment"], Rest<"Assessment">>
  | Differing<Sources["Decision"], Rest<"Decision">>
>

type Decide<T extends Sources | Declared> = T["Decision"]["of"]

/** The form with all arguments, which is the last. */
export type Forms = Empty<
  | (ReturnType<Decide<Sources>> extends ReturnType<Decide<Declared>> ? never : "what Decision.of gives")
  | (Parameters<Decide<Declared>> extends Parameters<Decide<Sources>> ? never : "what Decision.of takes")
>

declare const client: Client
declare const declared: DeclaredClient

/** Generic calls can be compared for one document at a time. */
interface Calls<N extends "GlobalPassport" | "HongKongIdentityCard" | undefined> {
  readonly checkResult: typeof client.checkResult<N>
  readonly awaitResult: typeof client.awaitResult<N>
  readonly checkStored: typeof client.checkStored<N>
  readonly awaitStored: typeof client.awaitStored<N>
}
interface DeclaredCalls<N extends "GlobalPassport" | "HongKongIdentityCard" | undefined> {
  readonly checkResult: typeof declared.checkResult<N>
  readonly awaitResult: typeof declared.awaitResult<N>
  readonly checkStored: typeof declared.checkStored<N>
  readonly awaitStored: typeof declared.awaitStored<N>
}

/** By what they give: a wait that they take has ids of Effect's brands in the sources. */
type Resumed<C extends Client | DeclaredClient> = {
  readonly [K in "resume" | "resumeStored"]: ReturnType<C[K]>
}

export type Methods = Empty<
  | Differing<Calls<undefined>, DeclaredCalls<undefined>>
  | Differing<Calls<"GlobalPassport">, DeclaredCalls<"GlobalPassport">>
  | Differing<Calls<"HongKongIdentityCard">, DeclaredCalls<"HongKongIdentityCard">>
  | Differing<Client, Omit<DeclaredClient, keyof Calls<undefined> | keyof Resumed<DeclaredClient>>>
  | Differing<Resumed<Client>, Resumed<DeclaredClient>>
  | (Parameters<Declared["createClient"]> extends Parameters<Sources["createClient"]> ? never : "createClient")
>

type Resolved<T> = T extends (...given: never) => Promise<infer A> ? A : never
type Given<T, At extends 0 | 1> = T extends (...given: infer A) => unknown ? NonNullable<A[At]> : never

/** No field of an error, a result, a request or an option is missing in the declarations. */
export type Fields = Empty<
  | {
      [K in keyof Declared]: K extends keyof Sources ? LeftOut<Meant<Sources[K]>, Meant<Declared[K], Sources[K]>> : K
    }[keyof Declared]
  | {
      [K in keyof DeclaredClient & keyof Client]:
        | LeftOut<Resolved<Client[K]>, Resolved<DeclaredClient[K]>>
        | LeftOut<Given<Client[K], 0>, Given<DeclaredClient[K], 0>>
        | LeftOut<Given<Client[K], 1>, Given<DeclaredClient[K], 1>>
    }[keyof DeclaredClient & keyof Client]
  | LeftOut<Client, DeclaredClient>
  | LeftOut<Given<Sources["createClient"], 0>, Given<Declared["createClient"], 0>>
>

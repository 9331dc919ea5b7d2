/**
 * Text without the brand `B`: plain text is taken, and an id of another kind does not compile.
 *
 * @category models
 * @since 0.1.0
 */
export type Plain<B extends string> = string & { readonly "~effect/Brand"?: { readonly [K in B]?: never } }

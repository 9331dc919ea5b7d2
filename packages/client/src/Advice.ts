/**
 * Texts in English and in both Chinese scripts: for the user, and for your reviewer.
 *
 * @example
 * import * as Advice from "@effect-cloudauth/client/Advice"
 *
 * console.log(Advice.ofFinding("Expired").user.zhHant)
 *
 * @since 0.1.0
 */
export {
  /**
   * The texts of an error's `advice`.
   *
   * @category getters
   * @since 0.1.0
   */
  ofError,
  /**
   * The texts of a finding.
   *
   * @category getters
   * @since 0.1.0
   */
  ofFinding,
  /**
   * The texts of the reason of an inconclusive verdict.
   *
   * @category getters
   * @since 0.1.0
   */
  ofReason,
  /**
   * The texts of a sub code.
   *
   * @category getters
   * @since 0.1.0
   */
  ofSubCode
} from "@effect-cloudauth/core/Advice"

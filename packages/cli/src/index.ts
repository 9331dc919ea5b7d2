/**
 * The parts of the command line, for programs of one's own: collecting into a store, reports, retention. Each module is
 * also a subpath (`@effect-cloudauth/cli/Collector`).
 *
 * @since 0.1.0
 */
export * as Collector from "./Collector.ts"
export * as ExitCode from "./ExitCode.ts"
export * as Export from "./Export.ts"
export * as IdList from "./IdList.ts"
export * as ImageStore from "./ImageStore.ts"
export * as Report from "./Report.ts"
export * as ResultStore from "./ResultStore.ts"
export * as Retention from "./Retention.ts"
export * as StoredResult from "./StoredResult.ts"
export * as Stores from "./Stores.ts"

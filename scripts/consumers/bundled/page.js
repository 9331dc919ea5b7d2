// A page, which must not hold an access key: each way to a client.
export const load = () =>
  Promise.allSettled([
    import("@effect-cloudauth/node/Client"),
    import("@effect-cloudauth/node/NodeCloudauth"),
    import("@effect-cloudauth/node")
  ])

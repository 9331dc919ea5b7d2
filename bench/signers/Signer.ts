/** One signed attempt from the parameters to the Authorization header: new nonce, date, payload hash, signature. */
export type Signer = () => string

/** Each module in this folder that is a signer exports this as `create`. */
export type CreateSigner = () => Signer

/** The host counts as it is signed; nothing is sent. */
export const signedHost = "cloudauth-intl.cn-hongkong.aliyuncs.com"

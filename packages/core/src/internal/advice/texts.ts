/** Texts in the languages of the documents' holders, and the texts that a person may read about their own check. */

/** One text: English, Traditional Chinese as Hong Kong writes it, Simplified Chinese. */
export interface Texts {
  readonly en: string
  readonly zhHant: string
  readonly zhHans: string
}

/** The two Chinese texts of an English one that stands elsewhere. */
export type Chinese = Omit<Texts, "en">

export const zh = (zhHant: string, zhHans: string): Chinese => ({ zhHant, zhHans })

/**
 * A text for the person and one for the reviewer.
 *
 * @category models
 * @since 0.1.0
 */
export interface Advice {
  /** May be shown to the person. It never tells what speaks against the document. */
  readonly user: Texts
  /** For your reviewer alone. */
  readonly reviewer: Texts
}

const texts = (en: string, zhHant: string, zhHans: string): Texts => ({ en, zhHant, zhHans })

/** What the person may read. `contact` is the text for whatever must not be explained. */
export const user = {
  received: texts("We have received your document.", "我們已收到你的證件。", "我们已收到您的证件。"),
  contact: texts(
    "We could not accept this document. We will contact you.",
    "我們未能接納此證件，稍後會與你聯絡。",
    "我们未能接受此证件，稍后会与您联系。"
  ),
  declined: texts("We could not accept this document.", "我們未能接納此證件。", "我们未能接受此证件。"),
  again: texts(
    "We could not accept this document. Please try once more.",
    "我們未能接納此證件，請再試一次。",
    "我们未能接受此证件，请再试一次。"
  ),
  quality: texts(
    "We could not read your document. Please take a new photo: in good light, in focus, with all corners visible and nothing covered.",
    "我們未能讀取你的證件。請重新拍攝：光線充足、對焦清晰、四角完整、沒有遮擋。",
    "我们未能读取您的证件。请重新拍摄：光线充足、对焦清晰、四角完整、没有遮挡。"
  ),
  notFound: texts(
    "We could not find the document in your photo. Please take a new photo of the right document: straight, in focus and with all corners visible.",
    "我們未能在相片中找到證件。請重新拍攝正確的證件：擺正、對焦清晰、四角完整。",
    "我们未能在照片中找到证件。请重新拍摄正确的证件：摆正、对焦清晰、四角完整。"
  ),
  expired: texts(
    "We could not accept this document because it is past its expiry date. Please use one that is valid.",
    "此證件已過有效期，我們未能接納。請使用有效的證件。",
    "此证件已过有效期，我们未能接受。请使用有效的证件。"
  ),
  expiresSoon: texts(
    "We could not accept this document because it expires soon. Please use one that is valid for longer.",
    "此證件即將到期，我們未能接納。請使用有效期較長的證件。",
    "此证件即将到期，我们未能接受。请使用有效期较长的证件。"
  ),
  otherDocument: texts(
    "We could not accept this document. Please use the document that you chose at the start.",
    "我們未能接納此證件。請使用你在開始時選擇的證件。",
    "我们未能接受此证件。请使用您在开始时选择的证件。"
  ),
  age: texts(
    "We could not accept your application because you are below the minimum age.",
    "你未達最低年齡要求，我們未能接納你的申請。",
    "您未达到最低年龄要求，我们未能接受您的申请。"
  )
} as const

/** Makes an advice. */
export const advice = (user: Texts, en: string, zhHant: string, zhHans: string): Advice => ({
  user,
  reviewer: texts(en, zhHant, zhHans)
})

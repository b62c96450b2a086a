/** What stands where a component asked for something that this phone does not have. */
export interface MissingFeature {
  /** The tag, or tag and attribute: `map`, `button open-type="contact"`. */
  what: string
  /** Path of the page or component whose template has it: `pages/index/index`. */
  file: string
  line?: number | undefined
}

/** Every `open-type` of a navigator but `exit`, by what it asks the page stack for. */
export interface Navigation {
  openType: 'navigate' | 'redirect' | 'switchTab' | 'reLaunch' | 'navigateBack' | 'exit'
  /** As written: relative to `from`, or from the root with `/`. Empty for navigateBack and exit. */
  url: string
  /** Pages to go back; 1 where the template says nothing. */
  delta: number
  /** Path of the page or component whose template has the navigator. */
  from: string
}

/** `detail` of an event that WeChat's own interface answers: `errMsg` always, the rest where it went well. */
export type Answer = { errMsg: string } & Readonly<Record<string, unknown>>

/**
 * What the built-in components need of the phone around them. All else they do by themselves.
 * Promises resolve with refusals too (`errMsg: '…:fail user deny'`) and do not reject.
 */
export interface PhoneServices {
  /** Words of the phone's own interface. */
  readonly language: 'zh' | 'en'
  /** Sheets and pickers are put here; it lies above the pages and below toasts, and catches no pointer by itself. */
  readonly overlay: HTMLElement
  /** Address under which a file of the mini program is served; foreign addresses, data: and blob: stay as they are. */
  urlOf(src: string, from: string): string
  navigate(to: Navigation): Promise<Answer>
  /** The consent sheet; then `{ code, encryptedData, iv, errMsg: 'getPhoneNumber:ok' }`. */
  getPhoneNumber(): Promise<Answer>
  /** `{ avatarUrl, errMsg: 'chooseAvatar:ok' }`: a temporary file. */
  chooseAvatar(): Promise<Answer>
  /** As `wx.getUserProfile` answers today: `{ userInfo, rawData, signature, encryptedData, iv, errMsg }`. */
  getUserInfo(): Promise<Answer>
  /** `share`: the page's onShareAppMessage is asked, and the phone shows what would be sent. */
  share(button: { id: string; dataset: Readonly<Record<string, unknown>> }): void
  /** Other open-types that are more than a placeholder in WeChat: `contact`, `feedback`, `openSetting` …: says what would happen. */
  openType(openType: string, attributes: Readonly<Record<string, unknown>>): Promise<Answer>
  /** The nickname that a nickname input offers above the keyboard. */
  nickname(): string
  /** Told once per page and feature. */
  missing(feature: MissingFeature): void
  /** Page-level components: `<page-meta>`, `<navigation-bar>`. Properties as the template has them, of the page at `file`. */
  pageMeta?(
    file: string,
    tag: 'page-meta' | 'navigation-bar',
    properties: Readonly<Record<string, unknown>>,
  ): void
}

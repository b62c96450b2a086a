/** Something in a mini program that does not work, as WeChat DevTools would tell it. */
export interface Problem {
  severity: 'error' | 'warning'
  /** From the mini program's folder, with `/`. */
  file: string
  /** Both from 1. */
  line?: number | undefined
  column?: number | undefined
  /** What is wrong and the cure, in English and in Chinese. */
  message: string
  messageZh: string
}

/** `shared`: as pages have it. `apply-shared`: pages' styles reach it, its own reach nobody else. */
export type StyleIsolation = 'isolated' | 'apply-shared' | 'shared'

/** One page or custom component, by its path without extension: `pages/index/index`. */
export interface ProgramComponent {
  path: string
  isPage: boolean
  /** Its .json, as it stands there. */
  json: Readonly<Record<string, unknown>>
  /** Tag → path of the component that it means; app.json's `usingComponents` included. */
  usingComponents: Readonly<Record<string, string>>
  /** Whose class names its style reaches; what json or `options` say, else by what it is. */
  styleIsolation: StyleIsolation
  hasScript: boolean
  hasTemplate: boolean
  hasStyle: boolean
  /** What class names of its style are prefixed with (`scope--name`); empty where they are not: pages and what shares theirs. */
  styleScope: string
}

/**
 * A native mini program as the phone runs it: `GET /_emulator/phone/program`. What it names is fetched below
 * `/_emulator/phone/{build}/`: `scripts/{file}`, `styles/{path}.css`, `templates.js`, `files/{file}`.
 */
export interface Program {
  /** Grows with each edit. */
  build: number
  /** Of the folder. */
  name: string
  /** project.config.json's, where there is one; null for `touristappid`, which is none. */
  appid: string | null
  /** All pages in app.json's order, subpackages' after them; `entryPagePath` before all. The first is where it starts. */
  pages: readonly string[]
  /** app.json, as it stands there; theme variables (`@name`) unresolved. */
  app: Readonly<Record<string, unknown>>
  /** theme.json's two sides. */
  theme: { readonly light: Readonly<Record<string, string>>; readonly dark: Readonly<Record<string, string>> }
  components: Readonly<Record<string, ProgramComponent>>
  /** Every script by what it is required by, `app.js` first where there is one; a `.ts` counts as its `.js`. */
  scripts: readonly string[]
  /** Folder → script, for packages in miniprogram_npm with a `main` of their own; see `resolveScript`. */
  mains: Readonly<Record<string, string>>
  hasAppStyle: boolean
  problems: readonly Problem[]
}

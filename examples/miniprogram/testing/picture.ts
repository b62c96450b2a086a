// A page of the mini program as a document for a browser: WeChat's tags, its look of them, rpx as pixels.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { jsonOf, miniprogramRoot, type ShownPage } from './mini-program.ts'

export const SCREEN = { width: 390, height: 844 }
const BAR_PIXELS = 92

/** What WeChat draws by itself: blocks, buttons, and the bar with the title and its capsule. */
const BASE = `
* { -webkit-tap-highlight-color: transparent; }
html, body { margin: 0; background: VAR_BACKGROUND; }
page, wx-view, wx-form, wx-navigator, notice { display: block; }
wx-button { position: relative; display: block; width: 184px; margin: 0 auto; padding: 8px 24px; box-sizing: border-box;
  border-radius: 4px; font-weight: 700; font-size: 17px; line-height: 1.41; text-align: center; cursor: pointer; }
wx-image { display: inline-block; overflow: hidden; }
wx-image img { width: 100%; height: 100%; object-fit: cover; display: block; }
wx-input { display: block; }
wx-input input { box-sizing: border-box; width: 100%; height: 100%; padding: 0; border: 0; background: none; outline: 0;
  color: inherit; font: inherit; }
.bar { position: fixed; z-index: 9; top: 0; left: 0; right: 0; height: ${BAR_PIXELS}px; background: VAR_BACKGROUND;
  color: VAR_TITLE; font: 600 17px/44px -apple-system, 'Noto Sans CJK SC', sans-serif; text-align: center;
  padding-top: 48px; box-sizing: border-box; }
.capsule { position: absolute; right: 7px; top: 54px; width: 87px; height: 32px; border-radius: 16px;
  box-sizing: border-box; border: 1px solid VAR_CAPSULE; }
.capsule::before { content: ''; position: absolute; left: 19px; top: 13px; width: 5px; height: 5px; border-radius: 50%;
  background: currentColor; box-shadow: -8px 0 0 -1px, 8px 0 0 -1px; }
.capsule::after { content: ''; position: absolute; right: 13px; top: 7px; width: 16px; height: 16px; border-radius: 50%;
  box-sizing: border-box; border: 2.5px solid currentColor; }
.clock { position: absolute; left: 36px; top: 14px; font-size: 16px; line-height: 24px; }
body { padding-top: ${BAR_PIXELS}px; }
`

export interface PictureOptions {
  /** `pages/index/index` */
  readonly path: string
  readonly title: string
  readonly isDark: boolean
}

export function documentOf(page: ShownPage, { path, title, isDark }: PictureOptions): string {
  const theme = jsonOf('theme.json')[isDark ? 'dark' : 'light']
  const { background } = { background: '', ...(theme as object) }
  const base = BASE.replaceAll('VAR_BACKGROUND', background)
    .replaceAll('VAR_TITLE', isDark ? '#fff' : '#000')
    .replaceAll('VAR_CAPSULE', isDark ? 'rgba(255,255,255,.25)' : 'rgba(0,0,0,.12)')
  const sheets = ['app', 'components/notice/notice', path].map((name) => sheetOf(name, isDark))
  const bar = `<div class="bar"><div class="clock">9:41</div>${title}<div class="capsule"></div></div>`
  const style = [base, ...sheets].join('\n')
  return `<!doctype html><meta charset="utf-8"><style>${style}</style><body>${bar}${page.html()}</body>`
}

function sheetOf(name: string, isDark: boolean): string {
  const text = readFileSync(join(miniprogramRoot, `${name}.wxss`), 'utf8')
  const scheme = text.replaceAll('(prefers-color-scheme: dark)', isDark ? 'all' : 'not all')
  const pixels = (_whole: string, count: string) => `${(Number(count) * SCREEN.width) / 750}px`
  return scheme.replace(/(\d+(?:\.\d+)?)rpx/g, pixels)
}

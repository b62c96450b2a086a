import type { PageEntry } from './page-entry.ts'
import type { PageLook } from './page-look.ts'
import type { PageStack } from './page-stack.ts'

type Properties = Readonly<Record<string, unknown>>

/** glass-easel's segment for styles that outlast the template's. */
const LASTING_STYLE = 3

const said = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** What a `<navigation-bar>` says of the bar; what it leaves out stays as the .json files have it. */
function barLook({ title, loading, frontColor, backgroundColor }: Properties): Partial<PageLook> {
  return {
    ...(said(title) ? { title } : {}),
    ...(said(frontColor) ? { navText: frontColor.toLowerCase() === '#000000' ? 'black' : 'white' } : {}),
    ...(said(backgroundColor) ? { navBackground: backgroundColor } : {}),
    isLoading: loading === true,
  }
}

/** What a `<page-meta>` says of what lies behind the page. */
function pageLook({ backgroundColor, backgroundTextStyle }: Properties): Partial<PageLook> {
  return {
    ...(said(backgroundColor) ? { background: backgroundColor } : {}),
    ...(said(backgroundTextStyle) ? { pullText: backgroundTextStyle === 'light' ? 'light' : 'dark' } : {}),
  }
}

function dressRoot({ root, view }: PageEntry, properties: Properties): void {
  const { pageStyle, pageFontSize, rootBackgroundColor, scrollTop } = properties
  const size = said(pageFontSize) && pageFontSize !== 'system' ? `; font-size: ${pageFontSize}` : ''
  const ground = said(rootBackgroundColor) ? `; background-color: ${rootBackgroundColor}` : ''
  root.getComponent().setNodeStyle(`${said(pageStyle) ? pageStyle : ''}${size}${ground}`, LASTING_STYLE)
  const top = parseFloat(String(scrollTop))
  if (Number.isFinite(top)) view.scroller.scrollTo({ top })
}

/** Takes to the page what its `<page-meta>` and `<navigation-bar>` say; those of other templates say nothing. */
export function applyPageMeta(stack: PageStack, file: string, tag: string, properties: Properties): void {
  const entry = [...stack.entries].reverse().find(({ route }) => route.path === file)
  if (entry === undefined) return
  if (tag === 'page-meta') dressRoot(entry, properties)
  stack.setLook(entry, tag === 'page-meta' ? pageLook(properties) : barLook(properties))
}

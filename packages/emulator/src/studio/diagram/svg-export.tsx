import { render } from 'preact'
import { type Layout, layOut } from '../conversation/layout.ts'
import { ofPhone } from '../conversation/owner.ts'
import { TAG_COLOURS } from '../conversation/segments.ts'
import { talk } from '../conversation/talk.ts'
import { view } from '../view.ts'
import { labelled } from '../words/label.ts'
import { nameStation } from '../words/station-name.ts'
import { fill } from '../words/text.ts'
import { wordsOf } from '../words/use-words.ts'
import { createMeasure } from './measure.ts'
import { Picture } from './picture.tsx'
import { paletteOf, portableCss } from './portable-css.ts'

const WIDTH = 1040
const HEAD_HEIGHT = 64
const NAMESPACE = 'http://www.w3.org/2000/svg'

function currentLayout(): Layout {
  const { phone, scale, language } = view.get()
  const { stations, arrows } = talk.get()
  const words = wordsOf(language)
  const shown = ofPhone(arrows, phone).map((arrow) => labelled(arrow, words))
  return layOut({ conversation: { stations, arrows: shown }, width: WIDTH, scale, measure: createMeasure() })
}

/** In the page a tag's colours come by names that the picture alone would not know. */
const TAG_RULES = [
  '.dg-tag text { font: 11.5px ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }',
  ...Array.from({ length: TAG_COLOURS }, (_, colour) => [
    `.tag-${colour} rect { fill: var(--tag-${colour}-soft); }`,
    `.tag-${colour} text { fill: var(--tag-${colour}); }`,
  ]).flat(),
]

/** What the page's style sheet says of the picture, and of the colours in it. */
function styleOfPicture(): string {
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText))
  const own = rules.filter((rule) => /^\.dg/.test(rule) && !/:hover|var\(--tag/.test(rule))
  return portableCss([...own, ...TAG_RULES, '.dg-paper { fill: var(--card); }'], paletteOf(rules.join('\n')))
}

function headsOf(layout: Layout): string {
  const words = wordsOf(view.get().language)
  const plain = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;')
  return layout.lanes
    .map(({ station, x }) => {
      const { name, sub } = nameStation(station, words)
      return `<text class="dg-head-name" x="${x}" y="30">${plain(name)}</text><text class="dg-head-sub" x="${x}" y="48">${plain(sub)}</text>`
    })
    .join('')
}

function drawn(layout: Layout): SVGSVGElement {
  const { language } = view.get()
  const silence = (time: string) => fill(wordsOf(language).diagram.silence, { time })
  const holder = document.createElement('div')
  render(
    <Picture
      layout={layout}
      language={language}
      silence={silence}
      open={null}
      focus={null}
      onOpen={() => {}}
    />,
    holder,
  )
  const svg = holder.querySelector('svg')
  if (svg === null) throw new Error('no picture was drawn')
  return svg
}

/** The whole conversation as one SVG file that needs nothing else, in light and dark. */
export function conversationSvg(): string {
  const layout = currentLayout()
  const { width, height } = layout
  const body = [...drawn(layout).childNodes]
    .map((node) => new XMLSerializer().serializeToString(node))
    .join('')
  const paper = `<rect class="dg-paper" width="${width}" height="${height + HEAD_HEIGHT}"/>`
  return `<svg xmlns="${NAMESPACE}" width="${width}" height="${height + HEAD_HEIGHT}" viewBox="0 0 ${width} ${height + HEAD_HEIGHT}"><style>${styleOfPicture()}</style>${paper}${headsOf(layout)}<g transform="translate(0 ${HEAD_HEIGHT})">${body}</g></svg>\n`
}

/** Plots as SVG by hand: few shapes, readable on a light page and on a dark one. */

export interface Bar {
  readonly label: string
  /** Measured over wanted: 1 is the goal. */
  readonly share: number
  readonly text: string
}

export interface Line {
  readonly label: string
  /** Both above nought, both on logarithmic axes. */
  readonly points: readonly (readonly [x: number, y: number])[]
}

const WIDTH = 860
const ROW = 26
const TOP = 44
const LABEL_WIDTH = 450
const RIGHT = 110
const MOST_SHARE = 2
const COLOURS = ['a', 'b', 'c', 'd']

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 14px }
  .soft { fill: #59636e; font-size: 12px }
  .axis { stroke: #8b949e; stroke-width: 1 }
  .grid { stroke: #8b949e; stroke-opacity: 0.25 }
  .goal { stroke: #1f2328; stroke-width: 1.5; stroke-dasharray: 4 3 }
  .met { fill: #1a7f37 } .missed { fill: #cf222e }
  .a { stroke: #0969da; fill: #0969da } .b { stroke: #bc4c00; fill: #bc4c00 }
  .c { stroke: #1a7f37; fill: #1a7f37 } .d { stroke: #8250df; fill: #8250df }
  polyline { fill: none !important; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .soft { fill: #9198a1 } .goal { stroke: #f0f6fc }
    .met { fill: #3fb950 } .missed { fill: #f85149 }
    .a { stroke: #4493f8; fill: #4493f8 } .b { stroke: #f0883e; fill: #f0883e }
    .c { stroke: #3fb950; fill: #3fb950 } .d { stroke: #ab7df8; fill: #ab7df8 }
  }`

/** How far each goal was met: the broken line is the goal itself, and what lies beyond twice of it is cut. */
export function barPlot(title: string, bars: readonly Bar[]): string {
  const height = TOP + bars.length * ROW + 24
  const scale = (WIDTH - LABEL_WIDTH - RIGHT) / MOST_SHARE
  const goalX = LABEL_WIDTH + scale
  const rows = bars.map(({ label, share, text }, at) => {
    const y = TOP + at * ROW
    const width = Math.max(2, Math.min(share, MOST_SHARE) * scale)
    const kind = share >= 1 ? 'met' : 'missed'
    return `<text x="${LABEL_WIDTH - 10}" y="${y + 15}" text-anchor="end">${escaped(label)}</text>
<rect class="${kind}" x="${LABEL_WIDTH}" y="${y + 3}" width="${rounded(width)}" height="${ROW - 9}" rx="2"/>
<text class="soft" x="${WIDTH - RIGHT + 12}" y="${y + 15}">${escaped(text)}</text>`
  })
  const goal = `<line class="goal" x1="${goalX}" y1="${TOP - 8}" x2="${goalX}" y2="${height - 20}"/>
<text class="soft" x="${goalX}" y="${height - 6}" text-anchor="middle">goal</text>`
  return svg(title, height, [...rows, goal].join('\n'))
}

const PLOT = { left: 70, right: 200, top: 44, bottom: 44, height: 320 }

/** Lines over powers of ten. */
export function linePlot(
  title: string,
  axes: { readonly x: string; readonly y: string },
  lines: readonly Line[],
): string {
  const points = lines.flatMap(({ points }) => points)
  const x = scaleOf(
    points.map(([value]) => value),
    PLOT.left,
    WIDTH - PLOT.right,
  )
  const y = scaleOf(
    points.map(([, value]) => value),
    PLOT.height - PLOT.bottom,
    PLOT.top,
  )
  const parts = [
    ...x.powers.map((power) => verticalGrid(x.at(10 ** power), power)),
    ...y.powers.map((power) => horizontalGrid(y.at(10 ** power), power)),
    `<text class="soft" x="${(PLOT.left + WIDTH - PLOT.right) / 2}" y="${PLOT.height - 6}" text-anchor="middle">${escaped(axes.x)}</text>`,
    `<text class="soft" x="${PLOT.left}" y="${PLOT.top - 8}">${escaped(axes.y)}</text>`,
    ...lines.map((line, at) => drawn(line, at, x.at, y.at)),
    ...lines.map((line, at) => keyOf(line, at)),
  ]
  return svg(title, PLOT.height, parts.join('\n'))
}

interface Scale {
  readonly powers: number[]
  at(value: number): number
}

/** From the power of ten below the least to the one above the most. */
function scaleOf(values: readonly number[], from: number, to: number): Scale {
  const low = Math.floor(Math.log10(Math.min(...values)))
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))))
  return {
    powers: Array.from({ length: high - low + 1 }, (_, step) => low + step),
    at: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from),
  }
}

function verticalGrid(x: number, power: number): string {
  return `<line class="grid" x1="${rounded(x)}" y1="${PLOT.top}" x2="${rounded(x)}" y2="${PLOT.height - PLOT.bottom}"/>
<text class="soft" x="${rounded(x)}" y="${PLOT.height - PLOT.bottom + 16}" text-anchor="middle">${powerText(power)}</text>`
}

function horizontalGrid(y: number, power: number): string {
  return `<line class="grid" x1="${PLOT.left}" y1="${rounded(y)}" x2="${WIDTH - PLOT.right}" y2="${rounded(y)}"/>
<text class="soft" x="${PLOT.left - 8}" y="${rounded(y + 4)}" text-anchor="end">${powerText(power)}</text>`
}

function powerText(power: number): string {
  return power >= 0 && power <= 3 ? String(10 ** power) : `10<tspan dy="-5" font-size="9">${power}</tspan>`
}

function drawn({ points }: Line, at: number, x: Scale['at'], y: Scale['at']): string {
  const colour = COLOURS[at % COLOURS.length]
  const places = points.map(([one, other]) => [rounded(x(one)), rounded(y(other))] as const)
  const dots = places.map(([cx, cy]) => `<circle class="${colour}" cx="${cx}" cy="${cy}" r="3.5"/>`)
  return `<polyline class="${colour}" points="${places.map((place) => place.join(',')).join(' ')}"/>\n${dots.join('\n')}`
}

function keyOf({ label }: Line, at: number): string {
  const y = PLOT.top + 14 + at * 24
  const x = WIDTH - PLOT.right + 20
  return `<circle class="${COLOURS[at % COLOURS.length]}" cx="${x}" cy="${y - 4}" r="5"/>
<text x="${x + 12}" y="${y}">${escaped(label)}</text>`
}

function svg(title: string, height: number, body: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">
<title>${escaped(title)}</title>
<style>${STYLE}
</style>
<text class="title" x="12" y="20">${escaped(title)}</text>
${body}
</svg>
`
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

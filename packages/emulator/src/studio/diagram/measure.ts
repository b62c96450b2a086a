import { guessWidth, type Measure } from '../conversation/segments.ts'

/** As the style sheet has it for labels. */
const FONT = '11.5px ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace'

/** Widths of labels in this browser's font. */
export function createMeasure(): Measure {
  const context = document.createElement('canvas').getContext('2d')
  if (context === null) return guessWidth
  context.font = FONT
  const known = new Map<string, number>()
  return (text) => {
    const width = known.get(text) ?? context.measureText(text).width
    if (known.size < 20_000) known.set(text, width)
    return width
  }
}

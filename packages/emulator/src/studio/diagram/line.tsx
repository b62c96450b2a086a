import { LOOP_WIDTH, type Row } from '../conversation/layout.ts'

/** Half of a bar: where a line meets it. */
const BAR_HALF = 4
const HEAD = 8

type LineRow = Pick<Row, 'fromX' | 'toX' | 'y' | 'arrow'>

function head(x: number, y: number, direction: number, isCall: boolean): string {
  const back = x - direction * HEAD
  const wings = `M${back} ${y - 4.5} L${x} ${y} L${back} ${y + 4.5}`
  return isCall ? `${wings} Z` : wings
}

/** A call of one to itself: out, down, and back. */
function Loop({ fromX, y }: LineRow) {
  const right = fromX + LOOP_WIDTH
  return (
    <>
      <path
        class="dg-line"
        d={`M${fromX + BAR_HALF} ${y - 6} H${right} V${y + 4} H${fromX + BAR_HALF + 2}`}
      />
      <path class="dg-head" d={head(fromX + BAR_HALF, y + 4, -1, false)} />
    </>
  )
}

/** What was sent and never arrived ends on the way, in a cross. */
function LostLine({ fromX, toX, y }: LineRow) {
  const direction = Math.sign(toX - fromX)
  const end = fromX + (toX - fromX) * 0.72
  return (
    <>
      <path class="dg-line" d={`M${fromX + direction * BAR_HALF} ${y} H${end - direction * 7}`} />
      <path class="dg-cross" d={`M${end - 5} ${y - 5} l10 10 M${end + 5} ${y - 5} l-10 10`} />
    </>
  )
}

/** A refusal meets a barrier; a failure breaks off in a jag. */
function end(row: LineRow, x: number, direction: number): string {
  const { y, arrow } = row
  if (arrow.outcome === 'refused')
    return `${head(x, y, direction, false)} M${x + direction} ${y - 7} V${y + 7}`
  return head(x, y, direction, arrow.part === 'call')
}

export function Line(row: LineRow) {
  const { fromX, toX, y, arrow } = row
  if (fromX === toX) return <Loop {...row} />
  if (arrow.outcome === 'lost') return <LostLine {...row} />
  const direction = Math.sign(toX - fromX)
  const tip = toX - direction * (BAR_HALF + 1)
  const middle = (fromX + toX) / 2
  const jag = arrow.outcome === 'failed' ? `H${middle - 6} l4 -5 l4 10 l4 -5` : ''
  const jagBack = arrow.outcome === 'failed' ? `H${middle + 6} l-4 -5 l-4 10 l-4 -5` : ''
  return (
    <>
      <path
        class="dg-line"
        d={`M${fromX + direction * BAR_HALF} ${y} ${direction > 0 ? jag : jagBack} H${tip - direction}`}
      />
      <path class="dg-head" d={end(row, tip, direction)} />
    </>
  )
}

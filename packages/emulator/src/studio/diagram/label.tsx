import { type PlacedSegment, TAG_PADDING } from '../conversation/segments.ts'

function Piece({ segment, x, y }: { segment: PlacedSegment; x: number; y: number }) {
  if (segment.colour === undefined) {
    return (
      <text class="dg-text" x={x} y={y}>
        {segment.text}
      </text>
    )
  }
  return (
    <g class={`dg-tag tag-${segment.colour}`}>
      <rect x={x} y={y - 11.5} width={segment.width} height={15.5} rx={4} />
      <text x={x + TAG_PADDING / 2} y={y}>
        {segment.text}
      </text>
    </g>
  )
}

/** A label's pieces; `y` is their base line. */
export function Label({ label, x, y }: { label: readonly PlacedSegment[]; x: number; y: number }) {
  return (
    <>
      {label.map((segment) => (
        <Piece key={segment.x} segment={segment} x={x + segment.x} y={y} />
      ))}
    </>
  )
}

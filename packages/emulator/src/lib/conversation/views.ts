/** A text, or what it says once its escapes are undone. */
export interface View {
  text: string
  /** Start and end in the original of what stands from `start` to `end` here. */
  sourceOf(start: number, end: number): { start: number; end: number }
}

/** `%2B`, a run of bytes beyond ASCII, JSON's `+` and `\/`. */
const ESCAPE = /%[0-7][0-9a-f]|(?:%[89a-f][0-9a-f])+|\\u[0-9a-f]{4}|\\["\\/]/gi

/** Escapes within escapes: JSON in a form in a URL. */
const DEEPEST = 4

function meaningOf(escaped: string): string {
  if (escaped.startsWith('\\u')) return String.fromCharCode(Number.parseInt(escaped.slice(2), 16))
  if (escaped.startsWith('\\')) return escaped.slice(1)
  try {
    return decodeURIComponent(escaped)
  } catch {
    return escaped
  }
}

interface Piece {
  /** In the decoded text. */
  start: number
  text: string
  /** In the text that was decoded. */
  from: number
  to: number
}

function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  let [length, from] = [0, 0]
  const push = (piece: string, to: number) => {
    pieces.push({ start: length, text: piece, from, to })
    length += piece.length
    from = to
  }
  for (const { 0: escaped, index } of text.matchAll(ESCAPE)) {
    if (index > from) push(text.slice(from, index), index)
    push(meaningOf(escaped), index + escaped.length)
  }
  if (from < text.length) push(text.slice(from), text.length)
  return pieces
}

/** The piece in which a place lies. */
function pieceAt(pieces: readonly Piece[], place: number): Piece | undefined {
  let [low, high] = [0, pieces.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((pieces[middle]?.start ?? 0) <= place) low = middle
    else high = middle - 1
  }
  return pieces[low]
}

const isPlain = (piece: Piece) => piece.text.length === piece.to - piece.from

/** An escape that is touched belongs to the range as a whole. */
function rangeIn(pieces: readonly Piece[], start: number, end: number): { start: number; end: number } {
  const first = pieceAt(pieces, start)
  const last = pieceAt(pieces, end - 1)
  if (!first || !last) return { start, end }
  return {
    start: isPlain(first) ? first.from + start - first.start : first.from,
    end: isPlain(last) ? last.from + end - last.start : last.to,
  }
}

function decoded(view: View): View | undefined {
  if (!/[%\\]/.test(view.text)) return undefined
  const pieces = piecesOf(view.text)
  const text = pieces.map((piece) => piece.text).join('')
  if (text === view.text) return undefined
  return {
    text,
    sourceOf(start, end) {
      const range = rangeIn(pieces, start, end)
      return view.sourceOf(range.start, range.end)
    },
  }
}

/** The text as it is, and with its escapes undone once, twice …, as long as that changes anything. */
export function viewsOf(text: string): View[] {
  let view: View | undefined = { text, sourceOf: (start, end) => ({ start, end }) }
  const views: View[] = []
  while (view && views.length < DEEPEST) {
    views.push(view)
    view = decoded(view)
  }
  return views
}

/** What a value means, all its escapes undone. */
export function plainOf(value: string): string {
  return viewsOf(value).at(-1)?.text ?? value
}

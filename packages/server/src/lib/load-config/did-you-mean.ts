const MAX_EDITS = 2

/** The known name that the text most likely stands for, or null where none is near. */
export function didYouMean(text: string, known: readonly string[]): string | null {
  const wanted = text.toLowerCase()
  let best: { name: string; edits: number } | null = null
  for (const name of known) {
    const edits = editsBetween(wanted, name.toLowerCase())
    if (edits <= MAX_EDITS && (best === null || edits < best.edits)) best = { name, edits }
  }
  return best?.name ?? null
}

/** Levenshtein's distance, row by row. */
function editsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= other.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}

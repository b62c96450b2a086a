const SPACES: Readonly<Record<string, string>> = { ensp: '\u2002', emsp: '\u2003', nbsp: '\u00a0' }

const ENTITIES: Readonly<Record<string, string>> = {
  nbsp: '\u00a0',
  ensp: '\u2002',
  emsp: '\u2003',
  lt: '<',
  gt: '>',
  amp: '&',
  apos: "'",
  quot: '"',
}

/** What `<text decode>` knows: eight names, each decoded once. */
export function decodeEntities(text: string): string {
  return text.replace(/&(nbsp|ensp|emsp|lt|gt|amp|apos|quot);/g, (all, name: string) => ENTITIES[name] ?? all)
}

/** `<text space>`: what stands for each blank. */
export function spaceOut(text: string, space: string): string {
  const blank = SPACES[space]
  return blank === undefined ? text : text.replaceAll(' ', blank)
}

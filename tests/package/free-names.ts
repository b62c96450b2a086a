import ts from 'typescript'

// "Cannot find name", with or without a guess at what is missing.
const UNKNOWN_NAMES = new Set([2304, 2552, 2580, 2581, 2582, 2583, 2584, 2591, 2592, 2593])

/** The names that a script uses and does not declare, sorted: what it takes from its global object. */
export function freeNames(file: string): string[] {
  const options = { allowJs: true, checkJs: true, noLib: true, noEmit: true, types: [], noResolve: true }
  const program = ts.createProgram([file], options)
  const source = program.getSourceFile(file)
  if (!source) throw new Error(`${file} could not be read`)
  const names = program
    .getSemanticDiagnostics(source)
    .filter(({ code }) => UNKNOWN_NAMES.has(code))
    .map(({ start = 0, length = 0 }) => source.text.slice(start, start + length))
  return [...new Set(names)].sort()
}

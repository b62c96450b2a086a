const INDENT = '  '

/** Tokens of JSON: strings, punctuation, and everything else that is not white space. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g

function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** JSON with line breaks; numbers and escapes stay as they were written. Other text stays as it is. */
export function prettyJson(text: string): string {
  if (!isJson(text)) return text
  let [depth, pretty, before] = [0, '', '']
  const newLine = () => `\n${INDENT.repeat(depth)}`
  for (const [token] of text.matchAll(TOKEN)) {
    const closes = token === '}' || token === ']'
    if (closes) depth -= 1
    const isFirst = before === '{' || before === '['
    if (closes ? !isFirst : isFirst || before === ',') pretty += newLine()
    pretty += token === ':' ? ': ' : token
    if (token === '{' || token === '[') depth += 1
    before = token
  }
  return pretty
}

import process from 'node:process'
import { createInterface } from 'node:readline/promises'
import { styleText } from 'node:util'

/** Where a command speaks: data on standard output, talk on standard error. */
export interface Terminal {
  readonly isJson: boolean
  /** One result: as a line of JSON with `--json`, else as the text given. */
  data(value: unknown, text: string): void
  /** For people; not said with `--json`. */
  say(text: string): void
  /** Errors and warnings: as a line of JSON with `--json`. */
  complain(value: unknown, text: string): void
  /** Asks for a yes. Null where nobody can be asked. */
  confirm(question: string): Promise<boolean | null>
}

export function createTerminal(isJson: boolean): Terminal {
  return {
    isJson,
    data: (value, text) => process.stdout.write(`${isJson ? JSON.stringify(value) : text}\n`),
    say: (text) => {
      if (!isJson) process.stderr.write(`${text}\n`)
    },
    complain: (value, text) => process.stderr.write(`${isJson ? JSON.stringify(value) : text}\n`),
    confirm: async (question) => (isJson || !process.stdin.isTTY ? null : ask(question)),
  }
}

async function ask(question: string): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test((await prompt.question(`${question} [y/N] `)).trim())
  } finally {
    prompt.close()
  }
}

type Style = Parameters<typeof styleText>[0]

/** Coloured where standard error is a terminal and nobody set NO_COLOR. */
export function styled(style: Style, text: string): string {
  const isColoured =
    process.stderr.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb'
  return isColoured ? styleText(style, text) : text
}

/** Columns as wide as their widest cell; Chinese characters count as two. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, widthOf(cell))
  }
  const padded = (cell: string, column: number) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell))
  return rows.map((row) => row.map(padded).join('  ').trimEnd()).join('\n')
}

const WIDE = /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/gu

function widthOf(text: string): number {
  return [...text].length + (text.match(WIDE)?.length ?? 0)
}

/** Names come from strangers: nothing in them may move the cursor or begin a line. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\uFFFD')
}

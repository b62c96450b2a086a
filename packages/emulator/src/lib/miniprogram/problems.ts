import type { Problem } from './program.ts'

/** Where something stands: both from 1. */
export interface Place {
  line: number
  column: number
}

export interface Words {
  message: string
  messageZh: string
}

export interface Problems {
  error(file: string, words: Words, place?: Place): void
  warning(file: string, words: Words, place?: Place): void
  /** Those of a part that was looked at before. */
  add(problems: readonly Problem[]): void
  list(): Problem[]
}

export function words(message: string, messageZh: string): Words {
  return { message, messageZh }
}

/** Collects what is wrong; the same told twice is told once. */
export function createProblems(): Problems {
  const told = new Map<string, Problem>()
  const add = (problem: Problem) => {
    const key = JSON.stringify([problem.file, problem.line, problem.column, problem.message])
    if (!told.has(key)) told.set(key, problem)
  }
  return {
    error: (file, said, place) => add({ severity: 'error', file, ...place, ...said }),
    warning: (file, said, place) => add({ severity: 'warning', file, ...place, ...said }),
    add: (problems) => problems.forEach(add),
    list: () => [...told.values()],
  }
}

/** The place of a character of a text. */
export function placeOf(text: string, offset: number): Place {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: offset - lineStart + 1 }
}

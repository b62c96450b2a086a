import type { Status, TestResult } from './results.ts'

/** A line that events.mjs wrote. */
export type TestEvent = {
  type: 'test:dequeue' | 'test:start' | 'test:pass' | 'test:fail'
  name: string
  nesting: number
  skip?: boolean | string
  todo?: boolean | string
  kind?: string
  ms?: number
  error?: { text: string; failureType?: string }
}

export type Parsed = {
  tests: TestResult[]
  /** Tests that began and did not end, innermost last. */
  unfinished: string[]
}

/** Reads the events of one file; a line cut off by a kill is passed by. */
export function parseEvents(text: string, group: string, file: string): Parsed {
  const around: string[] = []
  const running = new Map<string, number>()
  const tests: TestResult[] = []
  for (const event of readLines(text)) {
    if (event.type === 'test:start') around[event.nesting] = event.name
    count(running, event)
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue
    const titles = [...around.slice(0, event.nesting), event.name]
    tests.push({ group, file, titles, ...outcome(event), ms: Math.round(event.ms ?? 0) })
  }
  return { tests, unfinished: [...running].filter(([, times]) => times > 0).map(([name]) => name) }
}

function readLines(text: string): TestEvent[] {
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as TestEvent] // our own reporter's line
    } catch {
      return []
    }
  })
}

function count(running: Map<string, number>, { type, name }: TestEvent): void {
  const step = { 'test:dequeue': 1, 'test:start': 0, 'test:pass': -1, 'test:fail': -1 }[type]
  running.set(name, (running.get(name) ?? 0) + step)
}

function outcome(event: TestEvent): Pick<TestResult, 'kind' | 'status' | 'reason' | 'error'> {
  const kind = event.kind === 'suite' ? 'suite' : 'test'
  const left = event.skip ?? event.todo
  if (left !== undefined && left !== false) {
    return {
      kind,
      status: 'skipped',
      reason: typeof left === 'string' && left !== '' ? left : 'no reason given',
    }
  }
  const status: Status = event.type === 'test:pass' ? 'passed' : 'failed'
  if (status === 'passed') return { kind, status }
  return { kind, status, error: event.error?.text ?? 'failed without an error' }
}
